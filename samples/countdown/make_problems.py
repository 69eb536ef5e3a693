"""Draws the held-out problems by the rule of README.md: python3 make_problems.py ../../models/countdown_problems.jsonl"""
import json
import random
import sys

from countdown import below, chance, draw

SEED = 2504
STRATA = [(0.0, 0.004, 100), (0.004, 0.012, 100), (0.012, 1.0, 40)]  # chance from, below, problems


def problems():
    """(problem, chance), shuffled, so that the first so many of them are as hard as all."""
    rng, found = random.Random(SEED), []
    for problem in list(collect(rng)):
        found.insert(below(rng, len(found) + 1), problem)
    return found


def collect(rng):
    seen, wanted = set(), [count for _, _, count in STRATA]
    while any(wanted):
        problem, _ = draw(rng, 4 if rng.random() < 0.4 else 5, 20, held_out=True)
        key = (tuple(sorted(problem.numbers)), problem.target)
        if key in seen:
            continue
        seen.add(key)
        luck = chance(problem.numbers, problem.target)
        stratum = next(at for at, (low, high, _) in enumerate(STRATA) if low <= luck < high)
        if wanted[stratum]:
            wanted[stratum] -= 1
            yield problem, luck


def main(path):
    lines = [
        json.dumps({"id": f"countdown-{at:03}", "numbers": problem.numbers, "target": problem.target, "prompt": problem.prompt, "chance": luck})
        for at, (problem, luck) in enumerate(problems())
    ]
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_problems.py FILE")
    main(sys.argv[1])
