"""The countdown task: numbers, a target, and a chain of steps that reaches it.

A problem is "11 2 6 11>53:" and a solution "11-6=5,11*5=55,55-2=53". A legal step takes two numbers of the pool, the larger first, and puts
a+b, a-b, a*b or a/b in their place where that is a whole number from 1 to 400. A pool of two numbers always has one (a-b, or a/b = 1 where
a = b), so a walk over legal steps never gets stuck.
"""
import hashlib
from dataclasses import dataclass

MOST = 400  # no walk's intermediate result exceeds this
TARGETS = (10, 99)


@dataclass(frozen=True)
class Problem:
    numbers: tuple
    target: int

    @property
    def prompt(self):
        return " ".join(map(str, self.numbers)) + f">{self.target}:"

    @property
    def held_out(self):
        """One in twenty of all problems, whatever the order of the numbers: kept from every kind of training."""
        name = ",".join(map(str, sorted(self.numbers))) + f">{self.target}"
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % 20 == 0


def below(rng, count):
    """A whole number in [0, count). Only random() of random.Random is the same in every version of Python."""
    return int(rng.random() * count)


def legal(a, operator, b):
    """The result of a legal step with a >= b, or None."""
    if operator == "+":
        result = a + b
    elif operator == "-":
        result = a - b
    elif operator == "*":
        result = a * b
    else:
        result = a // b if a % b == 0 else 0
    return result if 0 < result <= MOST else None


def walk(rng, numbers):
    """A random walk, uniform over the legal steps of each pool: its last number and its text."""
    pool, steps = list(numbers), []
    while len(pool) > 1:
        i, j = below(rng, len(pool)), below(rng, len(pool) - 1)
        j += j >= i
        a, b = max(pool[i], pool[j]), min(pool[i], pool[j])
        operator = "+-*/"[below(rng, 4)]
        result = legal(a, operator, b)
        if result is None:
            continue
        steps.append(f"{a}{operator}{b}={result}")
        pool = [n for at, n in enumerate(pool) if at not in (i, j)] + [result]
    return pool[0], ",".join(steps)


def draw(rng, count, most, held_out=False):
    """A problem of `count` numbers from 1 to `most` whose target a walk reached, and that walk."""
    while True:
        numbers = tuple(1 + below(rng, most) for _ in range(count))
        target, steps = walk(rng, numbers)
        if not TARGETS[0] <= target <= TARGETS[1]:
            continue
        problem = Problem(numbers, target)
        if problem.held_out == held_out:
            return problem, steps


def solves(problem, text):
    """Whether the text is a chain of correct steps that uses every number once and ends on the target."""
    pool, steps = list(problem.numbers), text.split(",")
    if len(steps) != len(pool) - 1:
        return False
    for step in steps:
        left, _, result = step.partition("=")
        operator = next((c for c in left if c in "+-*/"), None)
        if operator is None:
            return False
        operands = left.split(operator)
        if len(operands) != 2 or not all(n.isdigit() for n in (*operands, result)):
            return False
        a, b, c = int(operands[0]), int(operands[1]), int(result)
        right = a + b == c if operator == "+" else a - b == c if operator == "-" else a * b == c if operator == "*" else b and a == b * c
        if not right or a not in pool:
            return False
        pool.remove(a)
        if b not in pool:
            return False
        pool.remove(b)
        pool.append(c)
    return pool[0] == problem.target


def chance(numbers, target, known=None):
    """The exact probability that one random walk from these numbers ends on the target: what blind guessing reaches in one try."""
    known = {} if known is None else known
    pool = tuple(sorted(numbers))
    if len(pool) == 1:
        return float(pool[0] == target)
    if pool not in known:
        reached = []
        for j in range(1, len(pool)):
            for i in range(j):
                rest = pool[:i] + pool[i + 1:j] + pool[j + 1:]
                results = (legal(pool[j], operator, pool[i]) for operator in "+-*/")
                reached += [chance(rest + (result,), target, known) for result in results if result is not None]
        known[pool] = sum(reached) / len(reached)
    return known[pool]
