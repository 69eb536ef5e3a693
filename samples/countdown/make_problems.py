"""Draws the held-out problems by the rule of README.md: python3 make_problems.py ../../models/countdown_problems.jsonl"""
import json
import random
import sys

from countdown import chance, draw

SEED = 2504
STRATA = [(0.0, 0.004, 100), (0.004, 0.012, 100), (0.012, 1.0, 40)]  # chance from, below, problems


def problems():
    """(problem, chance). The strata alternate, so that the first so many problems are about as hard as all."""
    rng, seen, strata = random.Random(SEED), set(), [[] for _ in STRATA]
    while any(len(found) < count for found, (_, _, count) in zip(strata, STRATA)):
        problem, _ = draw(rng, 4 if rng.random() < 0.4 else 5, 20, held_out=True)
        key = (tuple(sorted(problem.numbers)), problem.target)
        if key in seen:
            continue
        seen.add(key)
        luck = chance(problem.numbers, problem.target)
        found, count = next((found, count) for found, (low, high, count) in zip(strata, STRATA) if low <= luck < high)
        if len(found) < count:
            found.append((problem, luck))
    placed = [((at + 0.5) / len(found), number, entry) for number, found in enumerate(strata) for at, entry in enumerate(found)]
    return [entry for _, _, entry in sorted(placed, key=lambda one: one[:2])]


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
