"""Top-p sampling in PyTorch and Triton, beside `sample_nucleus`: the sort-based way that most engines take, a Triton kernel that finds
the nucleus by bisection without a sort, and one plain read of the logits (row maxima) as the floor."""

import torch

from timing import DEVICE, copies_for, microseconds

try:
    import triton
    import triton.language as tl
except ImportError:
    triton = None

TOP_P = 0.95
TEMPERATURE = 0.6


def sort_based(logits):
    probabilities = torch.softmax(logits / TEMPERATURE, dim=-1)
    ordered, ids = torch.sort(probabilities, dim=-1, descending=True)
    before = torch.cumsum(ordered, dim=-1) - ordered
    ordered = ordered.masked_fill(before >= TOP_P, 0.0)
    chosen = torch.multinomial(ordered, 1)
    return ids.gather(-1, chosen)


if triton is not None:

    @triton.jit
    def bisecting_top_p(logits, uniform, tokens, vocabulary, temperature, top_p, BLOCK: tl.constexpr, ROUNDS: tl.constexpr):
        row = tl.program_id(0)
        base = logits + row.to(tl.int64) * vocabulary
        lanes = tl.arange(0, BLOCK)
        largest = tl.full((BLOCK,), float("-inf"), tl.float32)
        for start in range(0, vocabulary, BLOCK):
            x = tl.load(base + start + lanes, mask=start + lanes < vocabulary, other=float("-inf"))
            largest = tl.maximum(largest, x)
        top = tl.max(largest, 0)
        sums = tl.zeros((BLOCK,), tl.float32)
        for start in range(0, vocabulary, BLOCK):
            x = tl.load(base + start + lanes, mask=start + lanes < vocabulary, other=float("-inf"))
            sums += tl.exp((x - top) / temperature)
        total = tl.sum(sums, 0)
        # The largest threshold whose mass still reaches top_p, on weights relative to the largest.
        low = 0.0
        high = 1.0
        for _ in range(ROUNDS):
            middle = (low + high) * 0.5
            sums = tl.zeros((BLOCK,), tl.float32)
            for start in range(0, vocabulary, BLOCK):
                x = tl.load(base + start + lanes, mask=start + lanes < vocabulary, other=float("-inf"))
                weight = tl.exp((x - top) / temperature)
                sums += tl.where(weight >= middle, weight, 0.0)
            enough = tl.sum(sums, 0) >= top_p * total
            low = tl.where(enough, middle, low)
            high = tl.where(enough, high, middle)
        sums = tl.zeros((BLOCK,), tl.float32)
        for start in range(0, vocabulary, BLOCK):
            x = tl.load(base + start + lanes, mask=start + lanes < vocabulary, other=float("-inf"))
            weight = tl.exp((x - top) / temperature)
            sums += tl.where(weight >= low, weight, 0.0)
        goal = tl.load(uniform + row) * tl.sum(sums, 0)
        mass = 0.0
        found = vocabulary - 1
        for start in range(0, vocabulary, BLOCK):
            x = tl.load(base + start + lanes, mask=start + lanes < vocabulary, other=float("-inf"))
            weight = tl.exp((x - top) / temperature)
            running = mass + tl.cumsum(tl.where(weight >= low, weight, 0.0), 0)
            first = tl.min(tl.where(running > goal, start + lanes, vocabulary - 1), 0)
            found = tl.minimum(found, first)
            mass = tl.max(running, 0)
        tl.store(tokens + row, found)


def triton_top_p(logits):
    rows, vocabulary = logits.shape
    uniform = torch.rand(rows, device=logits.device)
    tokens = torch.empty(rows, dtype=torch.int32, device=logits.device)
    bisecting_top_p[(rows,)](logits, uniform, tokens, vocabulary, TEMPERATURE, TOP_P, BLOCK=4096, ROUNDS=24, num_warps=16)
    return tokens


def measure(emit, small=False):
    vocabulary = 1000 if small else 151_936
    for batch in (2,) if small else (1, 32, 128, 512):
        each = batch * vocabulary * 4
        # The spread of a trained model's logits: a nucleus of tens of tokens, not of thousands.
        inputs = [torch.randn(batch, vocabulary, device=DEVICE) * 3 for _ in range(copies_for(each))]
        ways = {"row maxima": lambda logits: logits.amax(dim=-1), "sort": sort_based}
        if triton is not None and DEVICE == "cuda":
            ways["triton bisection"] = triton_top_p
        for name, way in ways.items():
            try:
                time = microseconds(way, inputs, repeats=7)
                emit(kernel="sample_nucleus", by=f"torch {name}", batch=batch, vocabulary=vocabulary, microseconds=time, bytes=each)
            except RuntimeError as error:
                emit(kernel="sample_nucleus", by=f"torch {name}", batch=batch, failed=str(error)[:200])
