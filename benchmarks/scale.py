#!/usr/bin/env python3
"""Many problems with 1,024 samples each: seconds and memory of `passatk run` on the countdown pair, by the number of problems.

usage: scale.py PASSATK [--rounds N] > results/DATE-scale-countdown.md

Sizes take turns. Of each run: wall time and processor time a sampled token, peak resident memory, and from its trace how long sampling waited to hand
samples over to the writer of the store.
"""
import argparse
import datetime
import json
import os
import random
import statistics
import sys
import tempfile

from timed import ROOT, countdown_run, doctor, machine, timed

sys.path.insert(0, os.path.join(ROOT, "samples", "countdown"))
from countdown import draw  # noqa: E402

SIZES = (10, 100, 1000)
SAMPLES = 1024
TRACED = 100  # problems; a trace of more is too large to be read at once


def write_problems(path, count):
    """Held-out problems by the recipe's rule, none twice."""
    generator, drawn = random.Random(1), {}
    while len(drawn) < count:
        problem, _ = draw(generator, 4 if generator.random() < 0.4 else 5, 20, held_out=True)
        drawn[problem.prompt] = problem
    with open(path, "w") as file:
        for number, problem in enumerate(drawn.values()):
            file.write(json.dumps(
                {"id": f"scale-{number:04}", "numbers": problem.numbers, "target": problem.target, "prompt": problem.prompt}) + "\n")  # fmt: skip


def run(passatk, folder, model, problems, limit):
    """One run to its end: its times and memory, what its report says of its tokens, and where it is traced how long it waited for the store."""
    traced = limit <= TRACED
    store, trace, report = (os.path.join(folder, name) for name in ("run.passatk", "trace.json", "report.json"))
    options = ["--temperature", "1", "--top-p", "1", "--json", *(["--trace", trace] if traced else [])]
    usage = timed(countdown_run(passatk, model, problems, limit, SAMPLES, store, *options), report)
    with open(report) as file:
        tokens = json.load(file)["sharing"]["sampledTokens"]
    spans = []
    if traced:
        with open(trace) as file:
            spans = [event for event in json.load(file) if event.get("ph") == "X"]

    def total(name):
        return sum(span["dur"] for span in spans if span["name"] == name)
    return {
        "tokens": tokens, "seconds": usage.seconds, "processor": usage.processor, "memory": usage.memory, "store": os.path.getsize(store),
        "handed": total("hand over") / total("step") if traced else None,
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("passatk", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each size but the largest, which runs once (default: %(default)s)")
    arguments = parser.parse_args()
    facts = doctor(arguments.passatk)
    print("# Scale on the countdown pair\n")
    print("| model | problems | samples | sampled tokens | wall | tokens/s | wall a token | processor a token | peak memory | store | waiting for the store |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        problems = os.path.join(folder, "problems.jsonl")
        write_problems(problems, max(SIZES))
        for model in ("countdown-base", "countdown-rl"):
            results = {size: [] for size in SIZES}
            for round_ in range(arguments.rounds):
                for size in SIZES:
                    if size < max(SIZES) or round_ == 0:
                        results[size].append(run(arguments.passatk, folder, model, problems, size))
            for size, runs in results.items():
                def middle(value, runs=runs):
                    return statistics.median(value(each) for each in runs)
                tokens = runs[0]["tokens"]
                handed = f"{middle(lambda r: r['handed']):.2%}" if size <= TRACED else "not traced"
                print(f"| {model} | {size:,} | {size * SAMPLES:,} | {tokens:,} | {middle(lambda r: r['seconds']):.2f} s | "
                      f"{middle(lambda r: tokens / r['seconds']):,.0f} | {middle(lambda r: r['seconds'] / tokens * 1e6):.2f} us | "
                      f"{middle(lambda r: r['processor'] / tokens * 1e6):.2f} us | {max(r['memory'] for r in runs) / 2**20:.0f} MiB | "
                      f"{runs[0]['store'] / 2**20:.1f} MiB | {handed} |", flush=True)  # fmt: skip
    print(f"\n- Date: {datetime.date.today()}")
    print(machine(facts))
    print(f"- Workload: `passatk run`, temperature 1, top-p 1, {SAMPLES:,} samples a problem of held-out problems by the recipe's rule; a whole command (loading,")
    print(f"  sampling, grading, storing, reporting); medians of {arguments.rounds} runs, of the largest size one; passatk {facts['version']}")
    print("- Waiting for the store: the spans `hand over` of the trace over its steps; memory: the largest of the runs")
    print("- Command: `benchmarks/scale.py PASSATK`")


if __name__ == "__main__":
    main()
