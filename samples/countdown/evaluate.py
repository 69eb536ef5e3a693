#!/usr/bin/env python3
"""Measures every model that train_all.sh made with the product: evaluate.py MODELS PASSATK OUT

MODELS is the folder of the models, PASSATK the program, OUT takes the runs, their reports and their comparisons with the base, all as JSON,
and the counts of every run, which `passatk report` and `passatk compare` read too. Run it again to go on where it was stopped.
"""
import collections
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TASK = "countdown:" + os.path.realpath(os.path.join(HERE, "..", "..", "models", "countdown_problems.jsonl"))
SAMPLES = 2048
SETTINGS = {"t1": (1.0, 1.0), "t0.6": (0.6, 0.95)}  # name: temperature, top-p
FINAL = ["base-1", "base-2"] + [f"rl-{base}-{seed}" for base in (1, 2) for seed in (1, 2, 3)] + ["rl-1-1-kl"]
STAGES = [f"rl-{base}-{seed}-{step}" for base in (1, 2) for seed in (1, 2, 3) for step in (50, 150)]
TEMPERATURES = [round(1 + 0.05 * step, 2) for step in range(1, 31)]
SEARCH_SAMPLES = 64


class Measurements:
    def __init__(self, models, passatk, out):
        self.models, self.passatk, self.out = models, os.path.realpath(passatk), out
        os.makedirs(out, exist_ok=True)

    def product(self, *arguments):
        return subprocess.run([self.passatk, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout

    def run(self, model, setting, temperature, top_p, samples=SAMPLES):
        """Samples and grades; the report."""
        name = os.path.join(self.out, f"{model}-{setting}")
        if not os.path.exists(name + ".report.json"):
            self.product(
                "run", "--model", os.path.join(self.models, model), "--task", TASK, "--samples", str(samples), "--seed", "0", "--backend", "cpu",
                "--temperature", str(temperature), "--top-p", str(top_p), "--out", name + ".passatk", "--quiet")
            self.count(name, samples)
            self.write(name + ".report.json", self.product("report", name + ".passatk", "--json"))
        with open(name + ".report.json", encoding="utf-8") as file:
            return json.load(file)

    def count(self, name, samples):
        n, c = collections.Counter(), collections.Counter()
        with subprocess.Popen([self.passatk, "export", name + ".passatk"], stdout=subprocess.PIPE, text=True) as export:
            for line in export.stdout:
                sample = json.loads(line)
                n[sample["problem"]] += 1
                c[sample["problem"]] += sample["correct"]
        if export.returncode != 0 or set(n.values()) != {samples}:
            raise RuntimeError(f"{name}: the export is incomplete")
        self.write(name + ".counts.jsonl", "".join(json.dumps({"id": problem, "n": n[problem], "c": c[problem]}) + "\n" for problem in n))

    def compare(self, base, other):
        path = os.path.join(self.out, f"{base}-against-{other}.json")
        if not os.path.exists(path):
            self.write(path, self.product("compare", *(os.path.join(self.out, f"{name}.passatk") for name in (base, other)), "--json"))

    def warmed(self, model, entropy):
        """The temperature at which a model's entropy per token comes nearest to the given one."""
        reached = {}
        for temperature in TEMPERATURES:
            found = self.run(model, f"search-{temperature}", temperature, 1.0, SEARCH_SAMPLES)["entropy"]["perToken"]["estimate"]
            reached[temperature] = found
            if found > entropy:
                break
        return min(reached, key=lambda temperature: abs(reached[temperature] - entropy))

    @staticmethod
    def write(path, text):
        with open(path + ".part", "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(path + ".part", path)


def main(models, passatk, out):
    measurements = Measurements(models, passatk, out)
    for setting, (temperature, top_p) in SETTINGS.items():
        for model in FINAL + (STAGES if setting == "t1" else []):
            measurements.run(model, setting, temperature, top_p)
            print(model, setting, file=sys.stderr, flush=True)
            if not model.startswith("base"):
                measurements.compare(f"base-{model[3]}-{setting}", f"{model}-{setting}")
    entropy = measurements.run("base-1", "t1", 1.0, 1.0)["entropy"]["perToken"]["estimate"]
    temperature = measurements.warmed("rl-1-1", entropy)
    measurements.run("rl-1-1", "warm", temperature, 1.0)
    measurements.compare("base-1-t1", "rl-1-1-warm")
    measurements.write(os.path.join(out, "warm.json"), json.dumps({"temperature": temperature, "baseEntropy": entropy}))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: evaluate.py MODELS PASSATK OUT")
    main(*sys.argv[1:])
