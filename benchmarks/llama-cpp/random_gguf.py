#!/usr/bin/env python3
"""Write a GGUF checkpoint of a named shape with random BF16 weights.

Throughput depends on a model's shape and on the type of its weights, not on what the weights say, so a random
checkpoint measures speed without a download. Python's standard library is all it needs.

    random_gguf.py smollm2-135m smollm2-135m-bf16.gguf

Format: GGUF version 3, little-endian: header, metadata, tensor descriptions, then tensor data aligned to 32 bytes.
Matrices are BF16, row-major [outputs, inputs]; norm weights are F32 ones and biases F32 zeros, as converters write them.
The vocabulary is declared by size alone (tokenizer "no_vocab"): a benchmark feeds token ids, never text.
"""

import argparse
import os
import random
import struct
import sys
from dataclasses import dataclass

ALIGNMENT = 32
F32, BF16 = 0, 30  # GGUF tensor types
BYTES_PER_VALUE = {F32: 4, BF16: 2}
UINT32, FLOAT32, STRING = 4, 6, 8  # GGUF metadata types
MOSTLY_BF16 = 32  # general.file_type


@dataclass(frozen=True)
class Shape:
    architecture: str  # the name under which llama.cpp knows the layer structure
    layers: int
    hidden: int
    feed_forward: int
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    context: int
    rope_theta: float
    rms_epsilon: float
    attention_bias: bool


# Both tie the output projection to the token embedding: no output.weight is written.
SHAPES = {
    "smollm2-135m": Shape("llama", 30, 576, 1536, 9, 3, 64, 49_152, 8_192, 100_000.0, 1e-5, False),
    "qwen2.5-0.5b": Shape("qwen2", 24, 896, 4_864, 14, 2, 64, 151_936, 32_768, 1_000_000.0, 1e-6, True),
}


@dataclass(frozen=True)
class Tensor:
    name: str
    dimensions: tuple  # innermost first: (inputs, outputs) for a matrix
    kind: int
    fill: bytes = b""  # one F32 value repeated; BF16 matrices are random instead

    @property
    def count(self):
        product = 1
        for dimension in self.dimensions:
            product *= dimension
        return product

    @property
    def padded_bytes(self):
        return align(self.count * BYTES_PER_VALUE[self.kind])


def align(size):
    return (size + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT


def tensors_of(shape):
    """Every tensor of the shape, in file order."""

    def matrix(name, inputs, outputs):
        return Tensor(f"{name}.weight", (inputs, outputs), BF16)

    def norm(name):
        return Tensor(f"{name}.weight", (shape.hidden,), F32, struct.pack("<f", 1.0))

    def bias(name, outputs):
        return Tensor(f"{name}.bias", (outputs,), F32, struct.pack("<f", 0.0))

    query = shape.heads * shape.head_dim
    key = shape.kv_heads * shape.head_dim
    yield matrix("token_embd", shape.hidden, shape.vocabulary)
    yield norm("output_norm")
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        yield norm(f"{block}.attn_norm")
        for name, outputs in (("attn_q", query), ("attn_k", key), ("attn_v", key)):
            yield matrix(f"{block}.{name}", shape.hidden, outputs)
            if shape.attention_bias:
                yield bias(f"{block}.{name}", outputs)
        yield matrix(f"{block}.attn_output", query, shape.hidden)
        yield norm(f"{block}.ffn_norm")
        yield matrix(f"{block}.ffn_gate", shape.hidden, shape.feed_forward)
        yield matrix(f"{block}.ffn_up", shape.hidden, shape.feed_forward)
        yield matrix(f"{block}.ffn_down", shape.feed_forward, shape.hidden)


def metadata_of(name, shape):
    """(key, metadata type, value) in file order."""
    prefix = shape.architecture
    return [
        ("general.architecture", STRING, shape.architecture),
        ("general.name", STRING, f"{name}, random weights"),
        ("general.alignment", UINT32, ALIGNMENT),
        ("general.file_type", UINT32, MOSTLY_BF16),
        (f"{prefix}.vocab_size", UINT32, shape.vocabulary),
        (f"{prefix}.context_length", UINT32, shape.context),
        (f"{prefix}.embedding_length", UINT32, shape.hidden),
        (f"{prefix}.block_count", UINT32, shape.layers),
        (f"{prefix}.feed_forward_length", UINT32, shape.feed_forward),
        (f"{prefix}.attention.head_count", UINT32, shape.heads),
        (f"{prefix}.attention.head_count_kv", UINT32, shape.kv_heads),
        (f"{prefix}.attention.layer_norm_rms_epsilon", FLOAT32, shape.rms_epsilon),
        (f"{prefix}.rope.dimension_count", UINT32, shape.head_dim),
        (f"{prefix}.rope.freq_base", FLOAT32, shape.rope_theta),
        ("tokenizer.ggml.model", STRING, "no_vocab"),
    ]


def encode_string(text):
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def encode_value(kind, value):
    if kind == STRING:
        return encode_string(value)
    return struct.pack("<I" if kind == UINT32 else "<f", value)


def encode_header(metadata, tensors):
    """Everything before the tensor data, padded to the alignment."""
    parts = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    for key, kind, value in metadata:
        parts += [encode_string(key), struct.pack("<I", kind), encode_value(kind, value)]
    offset = 0
    for tensor in tensors:
        rank = len(tensor.dimensions)
        parts += [encode_string(tensor.name), struct.pack(f"<I{rank}QIQ", rank, *tensor.dimensions, tensor.kind, offset)]
        offset += tensor.padded_bytes
    header = b"".join(parts)
    return header.ljust(align(len(header)), b"\0")


# A BF16 value is two bytes. The high one holds the sign and seven bits of the exponent; mapping a random byte to
# 0x3B or 0x3C under a random sign keeps magnitudes in [2^-9, 2^-5), with a standard deviation near 0.016 that keeps
# activations finite. The low byte, last exponent bit and mantissa, may be anything.
HIGH_BYTES = bytes((byte & 0x80) | (0x3B if byte & 3 == 0 else 0x3C) for byte in range(256))


def random_bf16(source, count):
    values = bytearray(2 * count)
    values[0::2] = source.randbytes(count)
    values[1::2] = source.randbytes(count).translate(HIGH_BYTES)
    return values


def write(path, name, seed):
    shape = SHAPES[name]
    tensors = list(tensors_of(shape))
    source = random.Random(seed)
    partial = f"{path}.partial"  # a file cut short never carries the final name
    with open(partial, "wb") as file:
        file.write(encode_header(metadata_of(name, shape), tensors))
        for tensor in tensors:
            data = random_bf16(source, tensor.count) if tensor.kind == BF16 else tensor.fill * tensor.count
            file.write(bytes(data).ljust(tensor.padded_bytes, b"\0"))
    os.replace(partial, path)
    return sum(tensor.count for tensor in tensors)


def main():
    parser = argparse.ArgumentParser(description="Write a GGUF checkpoint of a named shape with random BF16 weights.")
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("path", help="the file to write")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    parameters = write(arguments.path, arguments.shape, arguments.seed)
    size = os.path.getsize(arguments.path)
    print(f"{arguments.path}: {parameters:,} parameters, {size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
