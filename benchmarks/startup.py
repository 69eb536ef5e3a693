#!/usr/bin/env python3
"""Start-up: `passatk --version`, the countdown pair's first token, and how long a checkpoint of 1 GB takes beside reading its file.

usage: startup.py PASSATK [--rounds N] > results/DATE-startup.md

The checkpoint has the shape of Qwen2.5-0.5B, BF16, written here with zeros (what weights say changes no time). "Cold" is read after the kernel was told
to forget the file, "warm" from the page cache.
"""
import argparse
import datetime
import json
import os
import statistics
import struct
import tempfile
import time

from timed import TASK, countdown_run, doctor, machine, timed

LAYERS, HIDDEN, FEED_FORWARD, KEYS, VOCABULARY = 24, 896, 4_864, 128, 151_936
CONFIG = {
    "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": VOCABULARY, "hidden_size": HIDDEN, "intermediate_size": FEED_FORWARD,
    "num_hidden_layers": LAYERS, "num_attention_heads": 14, "num_key_value_heads": 2, "max_position_embeddings": 32_768, "rms_norm_eps": 1e-6,
    "rope_theta": 1e6, "hidden_act": "silu", "tie_word_embeddings": True, "bos_token_id": 151_643, "eos_token_id": 151_645, "torch_dtype": "bfloat16",
}  # fmt: skip


def shapes():
    yield "model.embed_tokens.weight", [VOCABULARY, HIDDEN]
    for layer in range(LAYERS):
        at = f"model.layers.{layer}"
        for name, outputs in (("q", HIDDEN), ("k", KEYS), ("v", KEYS)):
            yield f"{at}.self_attn.{name}_proj.weight", [outputs, HIDDEN]
            yield f"{at}.self_attn.{name}_proj.bias", [outputs]
        yield f"{at}.self_attn.o_proj.weight", [HIDDEN, HIDDEN]
        yield f"{at}.mlp.gate_proj.weight", [FEED_FORWARD, HIDDEN]
        yield f"{at}.mlp.up_proj.weight", [FEED_FORWARD, HIDDEN]
        yield f"{at}.mlp.down_proj.weight", [HIDDEN, FEED_FORWARD]
        yield f"{at}.input_layernorm.weight", [HIDDEN]
        yield f"{at}.post_attention_layernorm.weight", [HIDDEN]
    yield "model.norm.weight", [HIDDEN]


def write_checkpoint(folder):
    """A model folder in the safetensors format: 8 bytes of header length, a JSON header, the tensors."""
    header, size = {}, 0
    for name, shape in shapes():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [size, size + 2 * count]}
        size += 2 * count
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = os.path.join(folder, "model.safetensors")
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        while size > 0:
            size -= file.write(bytes(min(size, 8 << 20)))
        os.fsync(file.fileno())
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(CONFIG, file)
    return path


def forget(path):
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read(path):
    start, buffer = time.monotonic(), bytearray(8 << 20)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    return time.monotonic() - start


def load(passatk, folder):
    """Seconds of loading, and the document's memory."""
    out = os.path.join(folder, "bench.json")
    timed([passatk, "bench", "--model", folder, "--batch", "1", "--prompt", "4", "--generate", "2", "--repeat", "1", "--backend", "cpu", "--json"], out)
    with open(out) as file:
        document = json.load(file)
    return document["loadSeconds"], document["memory"]


def spread(values, unit=1.0, digits=2):
    return f"{statistics.median(values) / unit:.{digits}f} ({min(values) / unit:.{digits}f} to {max(values) / unit:.{digits}f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("passatk", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    passatk = arguments.passatk
    facts = doctor(passatk)
    times = {name: [] for name in ("version", "first", "read cold", "load cold", "read warm", "load warm")}
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = write_checkpoint(folder)
        size = os.path.getsize(path)
        for _ in range(4 * arguments.rounds):
            times["version"].append(timed([passatk, "--version"]).seconds)
            command = countdown_run(
                passatk, "countdown-rl", TASK, 1, 1, os.path.join(folder, "run.passatk"), "--max-tokens", "1")
            times["first"].append(timed(command).seconds)
        for _ in range(arguments.rounds):
            for name, cold in (("read cold", True), ("load cold", True), ("read warm", False), ("load warm", False)):
                if cold:
                    forget(path)
                if name.startswith("read"):
                    times[name].append(read(path))
                else:
                    seconds, memory = load(passatk, folder)
                    times[name].append(seconds)
    held = memory["weightBytes"] + memory["keyValueBytes"] + memory["workspaceBytes"]
    print("# Start-up\n")
    print("| | median (least to most) |")
    print("|---|---|")
    print(f"| `passatk --version` | {spread(times['version'], 1e-3, 1)} ms |")
    print(f"| a whole `passatk run` of one sample of one token on countdown-rl | {spread(times['first'], 1e-3, 1)} ms |")
    for kind in ("cold", "warm"):
        ratio = statistics.median(loaded / plain for loaded, plain in zip(times[f"load {kind}"], times[f"read {kind}"]))
        print(f"| reading a checkpoint of {size / 1e9:.2f} GB, {kind} | {spread(times[f'read {kind}'])} s |")
        print(f"| loading it, {kind} | {spread(times[f'load {kind}'])} s, {ratio:.2f} times reading |")
    print(f"| peak resident memory | {memory['peakBytes'] / 2**20:.0f} MiB, {memory['peakBytes'] / held:.3f} times weights, keys and values, and work space |")
    print(f"\n- Date: {datetime.date.today()}")
    print(machine(facts))
    print(f"- {arguments.rounds} rounds, {4 * arguments.rounds} of the first two; passatk {facts['version']} compiled natively")
    print("- Reading: one thread, 8 MiB at a time. Loading: `loadSeconds` of `passatk bench`, from opening to packed weights; peak memory: of the last")
    print("- Command: `benchmarks/startup.py PASSATK`")


if __name__ == "__main__":
    main()
