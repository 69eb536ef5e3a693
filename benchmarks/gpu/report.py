"""Turns the JSON lines of run.sh into a page and prints the same tables: `report.py OUT VERSION_FILE`. Needs no package."""

import datetime
import json
import os
import re
import sys


def read(path):
    lines = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            try:
                lines.append(json.loads(line))
            except ValueError:
                continue
    return lines


SIZES = ("kernel", "by", "model", "batch", "rows", "outputs", "inputs", "context", "siblings", "vocabulary", "heads", "keyValueHeads", "headDimension")


def newest(lines, names):
    """A line of the same work replaces the one before: a step that was repeated counts once."""
    found = {}
    for line in lines:
        key = [line.get(name) for name in names]
        if "results" in line:
            key += [[result["batch"], [point["context"] for point in result.get("contexts") or []]] for result in line["results"]]
        found[json.dumps(key)] = line
    return list(found.values())


class Results:
    """The lines of a run, and the two ceilings that everything is held to."""

    def __init__(self, lines):
        self.kernels = newest([line for line in lines if "kernel" in line], SIZES)
        self.decodes = newest([line for line in lines if "results" in line], ("model", "dataType", "backend", "contexts", "batches"))
        self.machine = next((line for line in self.kernels if line["kernel"] == "machine"), {})
        devices = [line["device"] for line in self.kernels if line.get("device")]
        self.device = self.machine.get("device") or (devices[-1] if devices else None)
        self.is_trial = any("SIMT" in device for device in devices)
        self.copy = self._best("copy", "bytes")
        self.product = self._best("gemm", "flops")

    def of(self, kernel):
        return [line for line in self.kernels if line["kernel"] == kernel]

    def _best(self, kernel, what):
        """The ceiling is the best that anyone reached here, in units a second."""
        names = {kernel, f"{kernel}_bf16"}
        return max((line[what] / line["microseconds"] * 1e6 for line in self.kernels
                    if line["kernel"] in names and what in line and line.get("microseconds")), default=None)


def table(header, rows):
    if not rows:
        return ["Not measured."]
    return ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)] + ["| " + " | ".join(row) + " |" for row in rows]


def number(value, digits=1):
    return "-" if value is None else f"{value:,.{digits}f}"


def ratio(value, unit="x"):
    return "-" if value is None else f"{value:.2f}{unit}"


def time_cell(line):
    return f"failed: {line['failed']}" if "failed" in line else number(line["microseconds"])


def ceilings(results):
    rows = []
    for line in results.of("copy") + results.of("gemm") + results.of("gemm_bf16"):
        rate = None
        if "failed" not in line:
            per = 1e6 / line["microseconds"]
            rate = f"{line['bytes'] * per / 1e12:.2f} TB/s" if line["kernel"] == "copy" else f"{line['flops'] * per / 1e12:.1f} TFLOP/s"
        shape = "x".join(str(line[key]) for key in ("batch", "rows", "outputs", "inputs") if line.get(key))
        rows.append([line["kernel"], shape, line["by"], time_cell(line), rate or "-"])
    return table(["work", "shape", "by", "us", "rate"], rows)


def sampler(results):
    rows = []
    for line in sorted(results.of("sample_nucleus"), key=lambda line: (line["batch"], line["by"])):
        floor = line["bytes"] / results.copy * 1e6 if results.copy and "bytes" in line else None
        over = line["microseconds"] / floor if floor and "failed" not in line else None
        rows.append([str(line["batch"]), line["by"], time_cell(line), number(floor), ratio(over)])
    return table(["batch", "by", "us", "one read, us", "over one read"], rows)


def attention(results):
    rows = []
    for line in sorted(results.of("attention_segments"), key=lambda line: (line["batch"], line["siblings"], line["by"])):
        share = None
        if results.copy and "failed" not in line:
            share = 100 * line["bytes"] / line["microseconds"] * 1e6 / results.copy
        rows.append([str(line["batch"]), str(line["context"]), str(line["siblings"]), line["by"], time_cell(line), ratio(share, "%")])
    return table(["rows", "context", "siblings of a prompt", "by", "us", "of measured bandwidth"], rows)


def decode(results):
    rows = []
    peers = results.of("decode")
    for document in results.decodes:
        for result in document["results"]:
            for point in result.get("contexts") or []:
                fastest = max((line["tokensPerSecond"] for line in peers if "failed" not in line and line["model"] == document["model"]
                               and line["batch"] == result["batch"] and line["context"] == point["context"]), default=None)
                share = point.get("roofline")
                rows.append([document["model"], str(result["batch"]), str(point["context"]), number(point["stepSeconds"] * 1e6),
                             number(point["tokensPerSecond"], 0), number(point["bytes"] / 1e9), number(point["flops"] / 1e12),
                             ratio(100 * share if share else None, "%"), number(fastest, 0),
                             ratio(point["tokensPerSecond"] / fastest if fastest else None)])
    own = table(["model", "batch", "context", "step, us", "tokens/s", "GB a step", "TFLOP a step", "of the roofline", "transformers",
                 "against it"], rows)
    others = [[line["model"], str(line["batch"]), str(line["context"]), line["by"], time_cell(line), number(line.get("tokensPerSecond"), 0)]
              for line in peers]
    return own + [""] + table(["model", "batch", "context", "by", "step, us", "tokens/s"], others) if others else own


def logits(results):
    rows = [[line["model"], line["by"], line.get("failed") or f"{line['ours']:.5f}", f"{line['theirs']:.5f}",
             "yes" if line.get("agrees") else "no"] for line in results.of("logits")]
    return table(["model", "by", "distance from F32", "transformers' own in bf16", "agrees"], rows)


def fastest(results, kernel, **facts):
    """Our own time of a kernel at those sizes, in us."""
    times = [line["microseconds"] for line in results.of(kernel) if "failed" not in line and line["by"].startswith("passatk")
             and all(line.get(name) == value for name, value in facts.items())]
    return min(times, default=None)


def targets(results):
    """What was promised, beside what was measured."""
    rows = []

    def add(what, promised, value, met, text):
        rows.append([what, promised, "-" if value is None else text, "-" if value is None else "yes" if met else "no"])

    for batch in (128, 512):
        line = next((line for line in results.of("sample_nucleus") if line["by"] == "passatk" and line["batch"] == batch), None)
        over = line["microseconds"] / (line["bytes"] / results.copy * 1e6) if line and results.copy else None
        add(f"sample_nucleus, batch {batch}, over one read", "2x", over, over is not None and over <= 2, ratio(over))
    one = fastest(results, "sample_nucleus", batch=1)
    add("sample_nucleus, batch 1", "40 us", one, one is not None and one < 40, f"{number(one)} us")
    line = next((line for line in results.of("attention_segments") if line["by"] == "passatk" and line["batch"] == 32), None)
    share = 100 * line["bytes"] / line["microseconds"] * 1e6 / results.copy if line and results.copy else None
    add("attention_segments, 32 rows, of bandwidth", "80%", share, share is not None and share >= 80, ratio(share, "%"))
    alone = fastest(results, "attention_segments", batch=256, siblings=1)
    together = fastest(results, "attention_segments", batch=256, siblings=256)
    faster = alone / together if alone and together else None
    add("256 siblings, faster than unshared", "20x", faster, faster is not None and faster >= 20, ratio(faster))
    shares = [100 * point["roofline"] for document in results.decodes for result in document["results"]
              for point in result.get("contexts") or [] if point.get("roofline")]
    least = min(shares, default=None)
    add("a decoding step, least share of the roofline", "70%", least, least is not None and least >= 70, ratio(least, "%"))
    return table(["", "target", "measured", "met"], rows)


def page(results, version, summary):
    machine = results.machine
    title = results.device or "unknown device"
    if results.is_trial:
        title = "A trial of the script on the SIMT device: nothing here is a measurement"
    facts = ", ".join(f"{name} {machine[name]}" for name in ("torch", "cuda", "triton", "transformers") if machine.get(name))
    lines = [f"# {title}", "", f"- PassAtK: {version}", f"- Date: {datetime.date.today().isoformat()}", f"- Driver: {driver()}", f"- Peers: {facts or '-'}",
             "- Command: `benchmarks/gpu/run.sh`; times are medians by the device's own events, inputs rotate through more than the L2", ""]
    for heading, body in (("Targets", targets), ("Ceilings", ceilings), ("sample_nucleus", sampler), ("attention_segments", attention), ("Decoding", decode),
                          ("Logits", logits)):
        lines += [f"## {heading}", "", *body(results), ""]
    return "\n".join(lines + ["## Steps", "", "```", summary.rstrip("\n"), "```", ""])


def driver():
    try:
        with open("/proc/driver/nvidia/version", encoding="utf-8") as file:
            return re.sub(r"\s+", " ", file.readline()).strip()
    except OSError:
        return "-"


def text_of(path, otherwise=""):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return otherwise


def main():
    out, version_file = sys.argv[1:]
    path = os.path.join(out, "results.jsonl")
    results = Results(read(path) if os.path.exists(path) else [])
    text = page(results, text_of(version_file, "unknown").strip(), text_of(os.path.join(out, "summary.txt")))
    name = re.sub(r"[^a-z0-9]+", "-", (results.device or "unknown").lower()).strip("-")
    target = os.path.join(out, f"{datetime.date.today().isoformat()}-gpu-{name}.md")
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)
    print(text)
    print(f"Written to {target}" + ("." if results.is_trial else "; it belongs into benchmarks/results."))


if __name__ == "__main__":
    main()
