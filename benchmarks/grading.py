#!/usr/bin/env python3
"""Verdicts a second on HumanEval's own solutions: passatk grade --grader code, alternating between programs where several are given.

benchmarks/grading.py HumanEval.jsonl.gz PASSATK [OTHER_PASSATK...] [--rounds 5] [--repeat 2]
"""
import argparse
import gzip
import json
import os
import statistics
import subprocess
import tempfile
import time


def cases(problems, repeat):
    with gzip.open(problems, "rt") as lines:
        for problem in map(json.loads, lines.readlines() * repeat):
            gold = {"prompt": problem["prompt"], "setup": "", "test": problem["test"], "entry_point": problem["entry_point"]}
            yield {"gold": json.dumps(gold), "pred": problem["canonical_solution"]}


def graded(program, path):
    """Seconds, and how many are correct of how many."""
    start = time.perf_counter()
    lines = subprocess.run([program, "grade", "--grader", "code", "--cases", path], check=True, capture_output=True, text=True).stdout.splitlines()
    seconds = time.perf_counter() - start
    return seconds, sum(json.loads(line)["correct"] for line in lines), len(lines)


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
                seconds, correct, count = graded(program, file.name)
                rates[program].append(count / seconds)
                print(f"{program}: {correct} of {count} correct, {count / seconds:.1f} verdicts/s, load {os.getloadavg()[0]:.1f}")
        for program, found in rates.items():
            print(f"{program}: median {statistics.median(found):.1f}, best {max(found):.1f} verdicts/s")


if __name__ == "__main__":
    main()
