#!/usr/bin/env python3
"""What `--trace` costs: wall and processor time of `passatk run` on the countdown pair with it and without, in turn.

usage: trace_cost.py PASSATK [--rounds N] > results/DATE-trace-cost.md

The pair's steps last a few milliseconds, and a step has as many spans as in a model hundreds of times larger with as many layers: there it costs less.
"""
import argparse
import datetime
import json
import os
import statistics
import tempfile

from timed import TASK, countdown_run, doctor, machine, timed

PROBLEMS, SAMPLES = 25, 256


def run(passatk, folder, model, traced):
    options = ["--no-share", *(["--trace", os.path.join(folder, "trace.json")] if traced else [])]
    usage = timed(countdown_run(passatk, model, TASK, PROBLEMS, SAMPLES, os.path.join(folder, "run.passatk"), *options))
    return usage.seconds, usage.processor


def cost(pairs):
    """Median and quartiles of traced over untraced, less 1."""
    ratios = [traced / untraced - 1 for untraced, traced in pairs]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:+.1%} ({low:+.1%} to {high:+.1%})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("passatk", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    facts = doctor(arguments.passatk)
    print("# What a trace costs\n")
    print("| model | without | with a trace | wall | processor |")
    print("|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for model in ("countdown-base", "countdown-rl"):
            run(arguments.passatk, folder, model, True)
            walls, processors = [], []
            for number in range(arguments.rounds):
                ways = {traced: run(arguments.passatk, folder, model, traced) for traced in ((False, True) if number % 2 == 0 else (True, False))}
                walls.append((ways[False][0], ways[True][0]))
                processors.append((ways[False][1], ways[True][1]))
            without, with_trace = (statistics.median(each) for each in zip(*walls))
            print(f"| {model} | {without:.2f} s | {with_trace:.2f} s | {cost(walls)} | {cost(processors)} |", flush=True)
    print(f"\n- Date: {datetime.date.today()}")
    print(machine(facts))
    print(f"- Workload: `passatk run --no-share`, {PROBLEMS} problems, {SAMPLES} samples each, 256 rows a step; {arguments.rounds} rounds, the order changing;")
    print(f"  cost: median of the rounds' ratios, with quartiles; passatk {facts['version']}")
    print("- Command: `benchmarks/trace_cost.py PASSATK`")


if __name__ == "__main__":
    main()
