"""The two programs under comparison: how each is asked for one workload, and how its answer is read.

Both run the same shape with the same number of threads: one shared prompt is prefilled once, then `batch` rows, each
with a tail of its own, are decoded `generate` steps.
"""

import ctypes
import json
import os
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    shape: str
    prompt: int  # tokens
    generate: int  # steps
    threads: int


@dataclass(frozen=True)
class Throughput:
    """Tokens per second. Prefill counts the shared prompt once; decode counts every row's tokens."""

    decode: float
    prefill: float
    sampling: float | None = None  # the part of decoding that sampling took, where it is known


@dataclass(frozen=True)
class Sampling:
    temperature: float
    top_p: float


class LlamaCpp:
    name = "llama.cpp"

    def __init__(self, program, checkpoint):
        self.program = program
        self.checkpoint = checkpoint

    def input(self, workload):
        return ""

    def command(self, workload, batch):
        positions = -(-(workload.prompt + workload.generate) // 256) * 256  # a row's cache is allocated in 256s
        return [
            self.program, "-m", self.checkpoint,
            "-t", str(workload.threads), "-tb", str(workload.threads),
            "-fa", "on", "-no-kvu", "-pps",
            "-npp", str(workload.prompt), "-npl", str(batch),
            "-ntg", f"4,{workload.generate}",  # a short pass that warms memory and caches, then the measurement
            "-c", str(batch * positions), "-b", "2048", "-ub", "512",
            "--output-format", "jsonl",
        ]  # fmt: skip

    def read(self, output, workload, batch):
        records = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        if len(records) != 2:
            raise SystemExit(f"{self.program}: printed {len(records)} results for batch {batch}, expected 2")
        record = records[-1]
        asked = {"pp": workload.prompt, "tg": workload.generate, "pl": batch, "n_threads": workload.threads,
                 "n_threads_batch": workload.threads, "is_pp_shared": 1, "flash_attn": 1}  # fmt: skip
        for field, value in asked.items():
            if record[field] != value:
                raise SystemExit(f"{self.program}: ran with {field} = {record[field]}, expected {value}")
        return Throughput(decode=record["speed_tg"], prefill=record["speed_pp"])

    def version(self):
        """Its version, its compiler and the processor features it uses, in its own words."""
        stated = [line for line in said(self.program, "--version") if line.startswith(("version", "built"))]
        return "; ".join([*(stated or ["version unknown"]), self.features()])

    def features(self):
        """llama.cpp's own list of what it was built to use; it lies in the library beside the program."""
        library = os.path.join(os.path.dirname(os.path.realpath(self.program)), "libllama.so")
        try:
            state = ctypes.CDLL(library).llama_print_system_info
        except (OSError, AttributeError):
            return "processor features unknown (no libllama.so beside the program)"
        state.restype = ctypes.c_char_p
        on = [name.strip() for name in state().decode().split("|") if name.strip()]
        return ", ".join(name.replace(" = 1", "") for name in on)


class LlamaCppSampling(LlamaCpp):
    """llama.cpp with its own samplers, through batched_sampling.cpp."""

    def __init__(self, program, checkpoint, sampling):
        super().__init__(program, checkpoint)
        self.sampling = sampling

    def input(self, workload):
        """A short prompt that warms memory and caches, then the measured one: the ids do not matter to random weights."""
        ids = [str(7 * at % 1000) for at in range(workload.prompt)]
        return f"{' '.join(ids[:16])}\n{' '.join(ids)}\n"

    def command(self, workload, batch):
        return [
            self.program, self.checkpoint, str(workload.threads), str(batch), str(workload.generate),
            str(self.sampling.temperature), str(self.sampling.top_p), "1",
        ]  # fmt: skip

    def read(self, output, workload, batch):
        records = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        if len(records) != 2 or records[1]["tokens"] != batch * (workload.generate - 1):
            raise SystemExit(f"{self.program}: printed {output}, expected {batch * (workload.generate - 1)} tokens of a second prompt")
        record = records[1]
        return Throughput(
            decode=record["tokens"] / record["decodeSeconds"], prefill=record["prompt"] / record["prefillSeconds"],
            sampling=record["samplingSeconds"] / record["decodeSeconds"])

    def version(self):
        return self.features()


class PassAtK:
    name = "passatk"

    # The fields of `passatk bench --json` that are read.
    RESULTS, BATCH, DECODE, PREFILL = "results", "batch", "decodeTokensPerSecond", "prefillTokensPerSecond"

    def __init__(self, program, backend, sampling=None):
        self.program = program
        self.backend = backend
        self.sampling = sampling

    def input(self, workload):
        return ""

    def command(self, workload, batch):
        drawn = ["--temperature", str(self.sampling.temperature), "--top-p", str(self.sampling.top_p)] if self.sampling else []
        return [
            self.program, "bench", "--backend", self.backend, "--shape", workload.shape, "--dtype", "bf16",
            "--batch", str(batch), "--prompt", str(workload.prompt), "--generate", str(workload.generate),
            "--threads", str(workload.threads), "--no-share", "--json", *drawn,
        ]  # fmt: skip

    def read(self, output, workload, batch):
        results = [result for result in json.loads(output)[self.RESULTS] if result[self.BATCH] == batch]
        if len(results) != 1:
            raise SystemExit(f"{self.program}: printed {len(results)} results for batch {batch}, expected 1")
        sampling = [phase["share"] for phase in results[0]["phases"] if phase["phase"] == "sampling"]
        return Throughput(decode=results[0][self.DECODE], prefill=results[0][self.PREFILL], sampling=sampling[0])

    def version(self):
        return next(iter(said(self.program, "--version")), "version unknown")


def said(program, *arguments):
    """The lines a program prints on either stream; none if it fails."""
    process = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return process.stdout.splitlines() if process.returncode == 0 else []


def as_typed(command):
    """A command line without the folders of the machine it ran on."""
    return " ".join(os.path.basename(word) if os.sep in word else word for word in command)
