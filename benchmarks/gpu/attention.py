"""Decode attention in PyTorch, beside `attention_segments`. The query heads of a KV head are laid out as query positions, which
reads K and V once and is the fastest form for scaled_dot_product_attention; its own GQA form is timed too."""

import torch
import torch.nn.functional as F

from timing import DEVICE, copies_for, microseconds

HEADS, KV_HEADS, HEAD_DIM = 32, 8, 128


def _backends():
    try:
        from torch.nn.attention import SDPBackend, sdpa_kernel
    except ImportError:
        return {"default": None}
    return {
        "flash": lambda: sdpa_kernel(SDPBackend.FLASH_ATTENTION),
        "efficient": lambda: sdpa_kernel(SDPBackend.EFFICIENT_ATTENTION),
        "cudnn": lambda: sdpa_kernel(SDPBackend.CUDNN_ATTENTION),
        "default": None,
    }


def _attend(context_manager, item, **extra):
    query, key, value = item
    if context_manager is None:
        return F.scaled_dot_product_attention(query, key, value, **extra)
    with context_manager():
        return F.scaled_dot_product_attention(query, key, value, **extra)


def _tensors(batch, query_rows, context, query_heads):
    def random(*shape):
        return torch.randn(*shape, device=DEVICE, dtype=torch.bfloat16 if DEVICE == "cuda" else torch.float32)

    return (random(batch, query_heads, query_rows, HEAD_DIM), random(batch, KV_HEADS, context, HEAD_DIM),
            random(batch, KV_HEADS, context, HEAD_DIM))


def _case(emit, name, batch, context, siblings, make, **extra):
    kv_bytes = 2 * batch // siblings * KV_HEADS * context * HEAD_DIM * 2
    inputs = [make() for _ in range(copies_for(kv_bytes, most=8))]
    for backend, context_manager in _backends().items():
        by = f"torch {name} {backend}"
        try:
            time = microseconds(lambda item: _attend(context_manager, item, **extra), inputs, repeats=9)
            emit(kernel="attention_segments", by=by, batch=batch, context=context, siblings=siblings, microseconds=time, bytes=kv_bytes)
        except (RuntimeError, TypeError) as error:
            emit(kernel="attention_segments", by=by, batch=batch, context=context, siblings=siblings, failed=str(error)[:200])


def measure(emit, small=False):
    context = 64 if small else 4096
    batch, siblings = (2, 4) if small else (32, 256)
    group = HEADS // KV_HEADS
    _case(emit, "sdpa", batch, context, 1, lambda: _tensors(batch, group, context, KV_HEADS))
    _case(emit, "sdpa gqa", batch, context, 1, lambda: _tensors(batch, 1, context, HEADS), enable_gqa=True)
    # Siblings as a server without prefix sharing computes them, and as one product with every sibling a query position.
    _case(emit, "sdpa", siblings, context, 1, lambda: _tensors(siblings, group, context, KV_HEADS))
    _case(emit, "sdpa one prompt", siblings, context, siblings, lambda: _tensors(1, group * siblings, context, KV_HEADS))
