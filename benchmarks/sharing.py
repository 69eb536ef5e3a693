#!/usr/bin/env python3
"""What the sample tree saves on the countdown pair: wall time of `passatk run` with and without `--no-share`, and tokens per computed row.

usage: sharing.py PASSATK [--rounds N] [--batched-sampling PROGRAM --gguf FOLDER] > results/DATE-sharing-countdown.md

The two ways alternate; medians are shown. The exports of all runs of a setting must be equal, byte for byte.
"""
import argparse
import datetime
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile

from timed import TASK, THREADS, countdown_run, doctor, machine, timed

SETTINGS = [("1", "1"), ("0.6", "0.95")]
PROBLEMS, SAMPLES = 25, 256


def run(passatk, folder, model, temperature, top_p, share):
    """Wall seconds, the report, and the export of one fresh run."""
    store, report = os.path.join(folder, "run.passatk"), os.path.join(folder, "report.json")
    options = ["--temperature", temperature, "--top-p", top_p, "--json", *([] if share else ["--no-share"])]
    usage = timed(countdown_run(passatk, model, TASK, PROBLEMS, SAMPLES, store, *options), report)
    with open(report) as file:
        return usage.seconds, json.load(file), subprocess.run([passatk, "export", store], check=True, capture_output=True).stdout


def prompts(passatk, folder, model):
    """The token ids of each problem's prompt, a line each, from a store of one sample a problem."""
    store = os.path.join(folder, "prompts.passatk")
    timed(countdown_run(passatk, model, TASK, PROBLEMS, 1, store))
    rows = sqlite3.connect(store).execute("SELECT prompt_tokens FROM problem ORDER BY position").fetchall()
    # LEB128 of ids below 128 is a byte each.
    return "".join(f"{' '.join(map(str, blob))}\n" for (blob,) in rows)


def llama_cpp(arguments, model, text, temperature, top_p):
    """Tokens and seconds of llama.cpp over the same prompts; the first prompt comes once more, as a warm-up that is not counted."""
    command = [arguments.batched_sampling, os.path.join(arguments.gguf, f"{model}-bf16.gguf"), str(THREADS), str(SAMPLES), "64", temperature, top_p, "0"]
    output = subprocess.run(command, input=text[: text.index("\n") + 1] + text, check=True, capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")][1:]
    return (sum(line["samples"] + line["tokens"] for line in lines),
            sum(line["prefillSeconds"] + line["decodeSeconds"] for line in lines))  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="What the sample tree saves on the countdown pair.")
    parser.add_argument("passatk", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batched-sampling", help="llama-cpp/batched_sampling.cpp, built; llama.cpp then takes its turn too")
    parser.add_argument("--gguf", help="folder of the pair as llama.cpp converts it: countdown-base-bf16.gguf, countdown-rl-bf16.gguf")
    arguments = parser.parse_args()
    if (arguments.batched_sampling is None) != (arguments.gguf is None):
        parser.error("--batched-sampling and --gguf go together")
    passatk = arguments.passatk
    facts = doctor(passatk)
    print("# The sample tree on the countdown pair\n")
    print("| model | temperature, top-p | tokens a row | shared | unshared | time saved | same bytes | llama.cpp | shared over llama.cpp |")
    print("|---|---|---|---|---|---|---|---|---|")
    for temperature, top_p in SETTINGS:
        for model in ("countdown-base", "countdown-rl"):
            seconds, rates, exports, peer = {True: [], False: []}, {True: [], False: []}, set(), []
            with tempfile.TemporaryDirectory() as folder:
                text = prompts(passatk, folder, model) if arguments.batched_sampling else ""
                for _ in range(arguments.rounds):
                    for share in (True, False):
                        took, report, export = run(passatk, folder, model, temperature, top_p, share)
                        seconds[share].append(took)
                        rates[share].append(report["sharing"]["sampledTokens"] / took)
                        exports.add(export)
                        if share:
                            saving = report["sharing"]["sampledTokens"] / report["sharing"]["computedRows"]
                    if text:
                        tokens, took = llama_cpp(arguments, model, text, temperature, top_p)
                        peer.append(tokens / took)
            ways = [f"{statistics.median(seconds[share]):.2f} s, {statistics.median(rates[share]):,.0f} tokens/s" for share in (True, False)]
            saved = statistics.median(seconds[False]) / statistics.median(seconds[True])
            same = "yes" if len(exports) == 1 else "NO"
            beside = f"{statistics.median(peer):,.0f} tokens/s | {statistics.median(rates[True]) / statistics.median(peer):.1f}x" if peer else " | "
            print(f"| {model} | {temperature}, {top_p} | {saving:.2f} | {ways[0]} | {ways[1]} | {saved:.2f}x | {same} | {beside} |", flush=True)
    print(f"\n- Date: {datetime.date.today()}")
    print(machine(facts))
    print(f"- Workload: the first {PROBLEMS} problems of models/countdown_problems.jsonl, {SAMPLES} samples each; wall time of a whole `passatk run`")
    print(f"  (loading, sampling, grading, storing), median of {arguments.rounds} alternating runs; passatk {facts['version']} compiled natively")
    if arguments.batched_sampling:
        print("- llama.cpp: `batched_sampling` on the same prompts, all samples of a prompt at once, samples that ended leave; prefill and decoding")
        print("  alone, without loading, grading or storing; the pair converted to GGUF in BF16, keys and values in F16")
    print("- Command: `benchmarks/sharing.py PASSATK" + (" --batched-sampling PROGRAM --gguf FOLDER`" if arguments.batched_sampling else "`"))


if __name__ == "__main__":
    main()
