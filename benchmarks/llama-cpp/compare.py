#!/usr/bin/env python3
"""Compare `passatk bench` with llama.cpp's llama-batched-bench on this machine's CPU.

The two programs take turns, one at a time, a fresh process for every batch size and round; which goes first changes
from round to round. A round's ratio compares neighbours in time, so slow drifts of the machine cancel. Each run waits
for a quiet machine; one that other processes disturb is tried again, and what disturbance remains is printed with the table.

    compare.py --batched-bench llama-batched-bench --gguf smollm2-135m-bf16.gguf --passatk passatk
    compare.py --batched-sampling batched_sampling --gguf smollm2-135m-bf16.gguf --passatk passatk

The first compares decoding alone on llama.cpp's side, the second decoding with sampling on both.

Without --passatk, llama.cpp is measured alone. Writes a Markdown page and every single run (JSON) to benchmarks/results.
"""

import argparse
import datetime
import json
import os
import sys
from dataclasses import asdict
from statistics import median

import engines
import machine
import table
import timed_run

RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "results")


def parse():
    parser = argparse.ArgumentParser(description="Compare passatk bench with llama.cpp on this machine's CPU.")
    parser.add_argument("--batched-bench", help="path of llama-batched-bench: llama.cpp without sampling")
    parser.add_argument("--batched-sampling", help="path of batched_sampling (batched_sampling.cpp): llama.cpp with sampling")
    parser.add_argument("--temperature", type=float, default=0.8, help="with --batched-sampling (default: %(default)s)")
    parser.add_argument("--top-p", type=float, default=0.95, help="with --batched-sampling (default: %(default)s)")
    parser.add_argument("--backend", default="cpu", help="passatk's (default: %(default)s)")
    parser.add_argument("--gguf", required=True, help="checkpoint of the shape, from random_gguf.py")
    parser.add_argument("--passatk", help="path of passatk; without it llama.cpp is measured alone")
    parser.add_argument("--shape", default="smollm2-135m")
    parser.add_argument("--batch", default="1,8,64,256", help="rows, comma-separated (default: %(default)s)")
    parser.add_argument("--prompt", type=int, default=128, help="tokens, prefilled once (default: %(default)s)")
    parser.add_argument("--generate", type=int, default=64, help="decode steps (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each program a batch size (default: %(default)s)")
    parser.add_argument("--attempts", type=int, default=3, help="tries for an undisturbed run (default: %(default)s)")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for quiet before a run (default: %(default)s)")
    parser.add_argument("--results", default=RESULTS, help="folder to write to")
    parser.add_argument("--replace", action="store_true", help="overwrite the page of the same day")
    return parser.parse_args()


def measure(engine, workload, batch, attempts, patience):
    """The first undisturbed run of up to `attempts`, or else the last: throughput, and the cores that others took meanwhile."""
    for attempt in range(1, attempts + 1):
        timed_run.wait_until_quiet(patience)
        outcome = timed_run.run(engine.command(workload, batch), attempt < attempts, engine.input(workload))
        if outcome is None or (outcome.disturbed and attempt < attempts):
            log(f"batch {batch:3} {engine.name:9} disturbed, attempt {attempt} of {attempts}")
            continue
        throughput = engine.read(outcome.output, workload, batch)
        log(f"batch {batch:3} {engine.name:9} decode {throughput.decode:8.1f} prefill {throughput.prefill:8.1f} "
            f"others {outcome.others:.2f} cores")  # fmt: skip
        return {**asdict(throughput), "others": outcome.others, "disturbed": outcome.disturbed}


def log(line):
    print(line, file=sys.stderr, flush=True)


def measure_rounds(competitors, workload, batches, arguments):
    rounds = {batch: [] for batch in batches}
    for number in range(arguments.rounds):
        order = competitors if number % 2 == 0 else competitors[::-1]
        for batch in batches:
            results = {}
            for engine in order:
                results[engine.name] = measure(engine, workload, batch, arguments.attempts, arguments.patience)
            rounds[batch].append(results)
    return rounds


def quietness(load_before, rounds):
    """One sentence on how quiet the machine was."""
    runs = [run for each in rounds.values() for round_ in each for run in round_.values()]
    disturbed = sum(run["disturbed"] for run in runs)
    others = [run["others"] for run in runs]
    return (
        f"{'**not quiet**' if disturbed else 'quiet'}; load average {load_before:.2f} before the first run; while a run was "
        f"timed others took {median(others):.2f} cores (median; most {max(others):.2f}); {disturbed} of {len(runs)} runs "
        f"were disturbed (others above {timed_run.QUIET} cores)"
    )


def method(workload, arguments):
    return [
        ("Unit", "tokens per second, median (lowest to highest)"),
        ("Workload", f"{workload.shape} with random BF16 weights; {workload.threads} threads; one shared prompt of "
                     f"{workload.prompt} tokens, prefilled once; then {workload.generate} decode steps of every row"),
        ("Rounds", f"{arguments.rounds}, the programs in turn; a ratio is taken within a round; a disturbed run is tried "
                   f"again, up to {arguments.attempts} times in all; the table counts undisturbed rounds"),
    ]  # fmt: skip


def shown(engine, workload, batch):
    return engines.as_typed(engine.command(workload, batch))


def main():
    arguments = parse()
    workload = engines.Workload(arguments.shape, arguments.prompt, arguments.generate, arguments.threads)
    batches = [int(batch) for batch in arguments.batch.split(",")]
    if (arguments.batched_bench is None) == (arguments.batched_sampling is None):
        raise SystemExit("give one of --batched-bench and --batched-sampling")
    sampling = engines.Sampling(arguments.temperature, arguments.top_p) if arguments.batched_sampling else None
    program = arguments.batched_sampling or arguments.batched_bench
    competitors = [
        engines.LlamaCppSampling(program, arguments.gguf, sampling) if sampling else engines.LlamaCpp(program, arguments.gguf)
    ]
    if arguments.passatk:
        competitors.append(engines.PassAtK(arguments.passatk, arguments.backend, sampling))
    for path in (path for path in (arguments.gguf, program, arguments.passatk) if path):
        if not os.path.isfile(path):
            raise SystemExit(f"{path}: no such file")

    date = datetime.date.today().isoformat()
    against = ("llama-cpp" if arguments.passatk else "llama-cpp-alone") + ("-sampling" if sampling else "")
    device = "" if arguments.backend == "cpu" else f"-{arguments.backend}"
    stem = os.path.join(arguments.results, f"{date}-{against}-{arguments.shape}-bf16{device}")
    if os.path.exists(f"{stem}.md") and not arguments.replace:
        raise SystemExit(f"{stem}.md: exists; --replace overwrites it")

    load_before = machine.load()
    versions = {engine.name: engine.version() for engine in competitors}
    rounds = measure_rounds(competitors, workload, batches, arguments)

    facts = [
        ("Date", date),
        ("Machine", machine.describe()),
        ("Quiet", quietness(load_before, rounds)),
        *method(workload, arguments),
        *((engine.name, f"{versions[engine.name]}; `{shown(engine, workload, batches[0])}`") for engine in competitors),
    ]
    names = [engine.name for engine in competitors]
    drawn = f", temperature {sampling.temperature}, top-p {sampling.top_p}" if sampling else ""
    title = f"{' and '.join(names)}: {workload.shape}, BF16, {workload.threads} threads{drawn}"
    page = table.page(title, table.table(names, batches, rounds), facts)
    os.makedirs(arguments.results, exist_ok=True)
    with open(f"{stem}.md", "w") as file:
        file.write(page)
    with open(f"{stem}.json", "w") as file:
        json.dump({"facts": dict(facts), "rounds": rounds}, file, indent=1)
        file.write("\n")
    print(page, end="")


if __name__ == "__main__":
    main()
