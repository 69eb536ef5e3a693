#!/usr/bin/env python3
"""Verdicts a second, and processor time a verdict, on HumanEval's own solutions: passatk grade --grader code, in turns where several
programs are given. On a machine that is busy otherwise the processor time is the figure to trust.

benchmarks/grading.py HumanEval.jsonl.gz PASSATK [OTHER_PASSATK...] [--rounds 5] [--repeat 2]
"""
import argparse
import gzip
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time


def cases(problems, repeat):
    with gzip.open(problems, "rt") as lines:
        for problem in map(json.loads, lines.readlines() * repeat):
            gold = {"prompt": problem["prompt"], "setup": "", "test": problem["test"], "entry_point": problem["entry_point"]}
            yield {"gold": json.dumps(gold), "pred": problem["canonical_solution"]}


def processor_time():
    """Seconds that processes which this one has waited for used, and those that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def graded(program, path):
    """Seconds by the clock, those of processors, and how many are correct of how many."""
    start, used = time.perf_counter(), processor_time()
    command = [program, "grade", "--grader", "code", "--cases", path]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    seconds = time.perf_counter() - start
    return seconds, processor_time() - used, sum(json.loads(line)["correct"] for line in lines), len(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("problems")
    options.add_argument("programs", nargs="+")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--repeat", type=int, default=2)
    options = options.parse_args()

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for case in cases(options.problems, options.repeat):
            print(json.dumps(case), file=file)
        file.flush()
        rates = {program: [] for program in options.programs}
        for _ in range(options.rounds):
            for program in options.programs:
                seconds, used, correct, count = graded(program, file.name)
                rates[program].append((count / seconds, 1000 * used / count))
                print(f"{program}: {correct} of {count} correct, {count / seconds:.1f} verdicts/s, {1000 * used / count:.1f} ms of "
                      f"processor time each, load {os.getloadavg()[0]:.1f}", flush=True)
        for program, found in rates.items():
            rate, used = map(statistics.median, zip(*found))
            print(f"{program}: median {rate:.1f} verdicts/s, {used:.1f} ms of processor time each")


if __name__ == "__main__":
    main()
