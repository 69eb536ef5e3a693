"""What both training programs share: options, seeds, threads and the log. To be imported before anything that imports PyTorch."""
import argparse
import os
import sys
import time


def blas_kernels():
    """The newest of OpenBLAS's kernels that this processor runs; an OpenBLAS older than the processor would fall back to its slowest."""
    with open("/proc/cpuinfo", encoding="ascii", errors="ignore") as file:
        flags = next((line.split() for line in file if line.startswith("flags")), [])
    known = {"avx512_bf16": "Cooperlake", "avx512vl": "SkylakeX", "avx2": "Haswell"}
    return next((name for flag, name in known.items() if flag in flags), None)


# Libraries read these when they are loaded. Other kernels or another number of threads round differently; the shipped weights come from
# these with Cooperlake.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
if kernels := blas_kernels():
    os.environ.setdefault("OPENBLAS_CORETYPE", kernels)

import torch  # noqa: E402


def arguments(description, **more):
    """Options --seed, --out, --log, --device, and those in `more`: a name and what argparse wants to know of it."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True, help="folder of the checkpoint")
    parser.add_argument("--log", required=True, help="CSV file of the training's course")
    parser.add_argument("--device", default="cpu", help="a PyTorch device: cpu or cuda")
    for name, options in more.items():
        parser.add_argument("--" + name, **options)
    return parser.parse_args()


def prepare(options):
    """Seeds PyTorch and makes it deterministic."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS is deterministic only with a fixed workspace
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(options.seed)
    torch.use_deterministic_algorithms(True)
    return torch.device(options.device)


class Log:
    """Means of what is added, a line of CSV every so many steps; seconds go to the screen only, so that a log can be compared."""

    def __init__(self, path, every):
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        self.file, self.every, self.step, self.sums, self.start = open(path, "w", encoding="utf-8", newline="\n"), every, 0, {}, time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def add(self, tokens, **values):
        if self.step == 0:
            self.file.write(",".join(["step", "tokens", *values]) + "\n")
        self.step += 1
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
        if self.step % self.every == 0:
            means = {name: total / self.every for name, total in self.sums.items()}
            self.sums = {}
            self.file.write(",".join([str(self.step), str(tokens), *(f"{mean:.6g}" for mean in means.values())]) + "\n")
            self.file.flush()
            shown = "  ".join(f"{name} {mean:.4g}" for name, mean in means.items())
            print(f"step {self.step}  {tokens / 1e6:.2f}M tokens  {shown}  {time.monotonic() - self.start:.0f} s", file=sys.stderr, flush=True)
