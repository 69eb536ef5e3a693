#!/usr/bin/env python3
"""Prints the tables of RESULTS.md from what evaluate.py left in a folder: tables.py OUT"""
import json
import math
import os
import sys

from evaluate import FINAL, HERE, SETTINGS
from make_problems import STRATA

K = (1, 4, 16, 64, 256, 1024)


def pass_at_k(n, c, k):
    """The unbiased estimator of arXiv 2107.03374, as a product."""
    return 1 - math.prod(1 - k / i for i in range(n - c + 1, n + 1)) if n - c >= k else 1.0


class Results:
    def __init__(self, folder):
        self.folder = folder

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return json.load(file)

    def report(self, run):
        return self.read(run + ".report.json")

    def comparison(self, run):
        base = f"base-{run[3]}-" + ("t0.6" if run.endswith("-t0.6") else "t1")
        return self.read(f"{base}-against-{run}.json")

    def counts(self, run):
        with open(os.path.join(self.folder, run + ".counts.jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]


def percent(point, signed=False):
    sign = "+" if signed else ""
    return f"{100 * point['estimate']:{sign}.1f} [{100 * point['low']:{sign}.1f}, {100 * point['high']:{sign}.1f}]"


def at(points, k):
    return next(point for point in points if point["k"] == k)


def row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def heading(title, *columns):
    print(f"\n**{title}**\n")
    row(*columns)
    print("|" + "---|" * len(columns))


def figure(point, digits=3):
    return f"{point['estimate']:.{digits}f} [{point['low']:.{digits}f}, {point['high']:.{digits}f}]"


def named(setting):
    return "temperature {:g}, top-p {:g}".format(*SETTINGS[setting])


def curves(results, setting):
    heading(f"pass@k in percent, {named(setting)}", "model", *(f"k = {k}" for k in K))
    for model in FINAL:
        report = results.report(f"{model}-{setting}")
        row(model, *(percent(at(report["passAtK"], k)) for k in K))
    row("chance", *(f"{100 * at(report['chance'], k)['estimate']:.1f}" for k in K))


def pairs(results, setting):
    heading(
        f"RL minus its base in points of pass@k, {named(setting)}", "pair", "k = 1", "k = 256", "k = 1024", "crossover k*", "resamples without",
        "both", "only base", "only RL", "neither", "McNemar p")
    for model in FINAL[2:]:
        pair_row(results, model, setting)


def pair_row(results, model, setting):
    pair = results.comparison(f"{model}-{setting}")
    search, crossover, sets = pair["crossoverSearch"], pair["crossover"], pair["solvable"]
    star = "none" if crossover is None else f"{crossover['k']:.1f} [{limit(crossover['low'])}, {limit(crossover['high'])}]"
    # The shares are of different resamples, one of each limit, and do not add up.
    without = max(search["shareBaseAhead"], search["shareOtherAhead"])
    row(
        model, *(percent(at(pair["difference"], k), signed=True) for k in (1, 256, 1024)), star,
        f"{100 * without:.1f}%", *(sets[name] for name in ("both", "baseOnly", "otherOnly", "neither")),
        f"{sets['mcNemarP']:.1e}")


def limit(value):
    return "beyond" if value is None else f"{value:.1f}"


def stages(results):
    heading(
        "Narrowing over training, temperature 1", "model", "step", "pass@1", "pass@64", "pass@1024", "solved", "entropy, nats a token", "rows a token")
    for base in (1, 2):
        stage_row(results, f"base-{base}", 0)
        for seed in (1, 2, 3):
            for step, suffix in ((50, "-50"), (150, "-150"), (250, "")):
                stage_row(results, f"rl-{base}-{seed}{suffix}", step)


def stage_row(results, model, step, setting="t1"):
    report = results.report(f"{model}-{setting}")
    row(
        model, step, *(percent(at(report["passAtK"], k)) for k in (1, 64, 1024)), sum(line["c"] > 0 for line in results.counts(f"{model}-{setting}")),
        figure(report["entropy"]["perToken"]), f"{report['sharing']['exploration']:.4f}")


def strata(results):
    with open(os.path.join(HERE, "..", "..", "models", "countdown_problems.jsonl"), encoding="utf-8") as file:
        chance = {line["id"]: line["chance"] for line in map(json.loads, file)}
    heading("By the chance of a random walk, temperature 1: pass@k in percent", "chance of one walk", "problems", "model", *(f"k = {k}" for k in K))
    for low, high, count in STRATA:
        inside = {problem for problem, luck in chance.items() if low <= luck < high}
        name = f"{100 * low:g}% to {100 * high:g}%"
        row(name, count, "chance", *(f"{100 * sum(1 - (1 - chance[p]) ** k for p in inside) / count:.1f}" for k in K))
        for model in FINAL:
            counts = [line for line in results.counts(f"{model}-t1") if line["id"] in inside]
            row("", "", model, *(f"{100 * sum(pass_at_k(line['n'], line['c'], k) for line in counts) / count:.1f}" for k in K))


def warm(results):
    found = results.read("warm.json")
    heading(
        f"Temperature {found['temperature']}: the RL model as random as its base ({found['baseEntropy']:.3f} nats a token)",
        "model", "temperature", *(f"k = {k}" for k in K), "entropy, nats a token")
    for model, setting, temperature in (("base-1", "t1", 1), ("rl-1-1", "t1", 1), ("rl-1-1", "warm", found["temperature"])):
        report = results.report(f"{model}-{setting}")
        row(model, temperature, *(percent(at(report["passAtK"], k)) for k in K), figure(report["entropy"]["perToken"]))
    print()
    row("pair", "k = 1", "k = 256", "k = 1024", "crossover k*", "resamples without", "both", "only base", "only RL", "neither", "McNemar p")
    print("|" + "---|" * 11)
    pair_row(results, "rl-1-1", "warm")


def main(folder):
    results = Results(folder)
    for setting in SETTINGS:
        curves(results, setting)
        pairs(results, setting)
    stages(results)
    stage_row(results, "rl-1-1-kl", 250)
    strata(results)
    warm(results)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: tables.py OUT")
    main(sys.argv[1])
