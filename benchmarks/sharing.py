#!/usr/bin/env python3
"""What the sample tree saves on the countdown pair: wall time of `passatk run` with and without `--no-share`, and tokens per computed row.

usage: sharing.py PASSATK [ROUNDS] > results/DATE-sharing-countdown.md

The two ways alternate; medians are shown. The exports of all runs of a setting must be equal, byte for byte.
"""
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SETTINGS = [("1", "1"), ("0.6", "0.95")]
PROBLEMS, SAMPLES = 25, 256


def run(passatk, folder, model, temperature, top_p, share):
    """Wall seconds, the report, and the export of one fresh run."""
    store = os.path.join(folder, "run.passatk")
    if os.path.exists(store):
        os.remove(store)
    command = [
        passatk, "run", "--model", f"{ROOT}/models/{model}", "--task", f"countdown:{ROOT}/models/countdown_problems.jsonl",
        "--limit", str(PROBLEMS), "--samples", str(SAMPLES), "--temperature", temperature, "--top-p", top_p,
        "--out", store, "--quiet", "--json",
    ]
    start = time.monotonic()
    report = subprocess.run(command + ([] if share else ["--no-share"]), check=True, capture_output=True).stdout
    seconds = time.monotonic() - start
    return seconds, json.loads(report), subprocess.run([passatk, "export", store], check=True, capture_output=True).stdout


def main(passatk, rounds=3):
    doctor = json.loads(subprocess.run([passatk, "doctor", "--json"], check=True, capture_output=True).stdout)
    print("# The sample tree on the countdown pair\n")
    print("| model | temperature, top-p | tokens a row | shared | unshared | time saved | same bytes |")
    print("|---|---|---|---|---|---|---|")
    for temperature, top_p in SETTINGS:
        for model in ("countdown-base", "countdown-rl"):
            seconds, exports, saving = {True: [], False: []}, set(), 0
            with tempfile.TemporaryDirectory() as folder:
                for _ in range(int(rounds)):
                    for share in (True, False):
                        took, report, export = run(passatk, folder, model, temperature, top_p, share)
                        seconds[share].append(took)
                        exports.add(export)
                        if share:
                            saving = report["sharing"]["sampledTokens"] / report["sharing"]["computedRows"]
            shared, unshared = (statistics.median(seconds[share]) for share in (True, False))
            same = "yes" if len(exports) == 1 else "NO"
            print(f"| {model} | {temperature}, {top_p} | {saving:.2f} | {shared:.2f} s | {unshared:.2f} s | {unshared / shared:.2f}x | {same} |")
    print(f"\n- Date: {datetime.date.today()}")
    print(f"- Machine: {doctor['cpu']['name']}, {doctor['cpu']['cores']} cores, {' '.join(doctor['cpu']['features'])}")
    print(f"- Workload: the first {PROBLEMS} problems of models/countdown_problems.jsonl, {SAMPLES} samples each; wall time of a whole `passatk run`")
    print(f"  (loading, sampling, grading, storing), median of {rounds} alternating runs; passatk {doctor['version']} compiled natively")
    print("- Command: `benchmarks/sharing.py PASSATK`")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:3])
