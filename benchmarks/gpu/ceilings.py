"""What the GPU reaches at best: a large copy (bytes read plus bytes written) and a large bf16 product on random numbers."""

import torch

from timing import DEVICE, microseconds


def measure(emit, small=False):
    length = (1 << 20) if small else (1 << 30)
    source = torch.randint(0, 255, (length,), dtype=torch.uint8, device=DEVICE)
    target = torch.empty_like(source)
    time = microseconds(target.copy_, [source])
    emit(kernel="copy", by="torch", microseconds=time, bytes=2 * length)
    del source, target

    side = 256 if small else 8192
    left, right = (torch.randn(side, side, device=DEVICE).to(torch.bfloat16) for _ in range(2))
    time = microseconds(lambda weight: torch.mm(left, weight.t()), [right])
    emit(kernel="gemm", by="torch", microseconds=time, flops=2 * side**3, rows=side, outputs=side, inputs=side)


def shapes(emit, small=False):
    """The products of a Llama-8B layer at decoding batches: what cuBLAS gives each of them."""
    for outputs, inputs in ((6144, 4096), (4096, 4096), (28672, 4096), (4096, 14336)):
        if small:
            outputs, inputs = outputs // 64, inputs // 64
        weights = [torch.randn(outputs, inputs, device=DEVICE).to(torch.bfloat16) for _ in range(1 if small else 4)]
        for rows in (4,) if small else (1, 32, 256, 1024):
            rows_in = torch.randn(rows, inputs, device=DEVICE).to(torch.bfloat16)
            time = microseconds(lambda weight: torch.mm(rows_in, weight.t()), weights)
            emit(kernel="gemm", by="torch", microseconds=time, flops=2 * rows * outputs * inputs, rows=rows, outputs=outputs, inputs=inputs)
