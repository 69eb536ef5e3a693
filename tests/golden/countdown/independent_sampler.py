#!/usr/bin/env python3
"""Samples a countdown model with an implementation that shares nothing with the product: numpy, float32, its own random numbers, no
tree, no cache of pages. Writes {"id", "n", "c", "tokens", "rows"} lines: samples, correct ones, tokens drawn by all of them, and
distinct prefixes that a token was drawn from, which is how many rows of logits a perfect tree computes.

usage: independent_sampler.py MODEL_FOLDER PROBLEMS.jsonl PROBLEMS N SEED TEMPERATURE TOP_P > counts.jsonl
"""
import json
import struct
import sys

import numpy as np

CHARACTERS = "0123456789+-*/=, >:"


def load_weights(path):
    """Tensors of a safetensors file as float32 arrays."""
    raw = open(path, "rb").read()
    (length,) = struct.unpack("<Q", raw[:8])
    tensors = {}
    for name, entry in json.loads(raw[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "BF16", entry
        first, last = (8 + length + offset for offset in entry["data_offsets"])
        bits = np.frombuffer(raw[first:last], np.uint16).astype(np.uint32) << 16
        tensors[name] = bits.view(np.float32).reshape(entry["shape"])
    return tensors


class Llama:
    def __init__(self, folder):
        self.config = json.load(open(f"{folder}/config.json"))
        self.weights = load_weights(f"{folder}/model.safetensors")
        self.heads, self.size = self.config["num_attention_heads"], self.config["head_dim"]
        half = self.size // 2
        frequencies = self.config["rope_theta"] ** (-np.arange(half) / half)
        angles = np.arange(self.config["max_position_embeddings"])[:, None] * frequencies
        self.cos, self.sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)

    def norm(self, x, name):
        scale = 1 / np.sqrt((x * x).mean(-1, keepdims=True) + self.config["rms_norm_eps"])
        return x * scale * self.weights[name]

    def rotate(self, x, position):
        half = self.size // 2
        a, b = x[..., :half], x[..., half:]
        cos, sin = self.cos[position], self.sin[position]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    def step(self, tokens, position, cache):
        """Logits [batch, vocabulary] after feeding one token to every sequence; cache is a list of (keys, values) per layer."""
        w = self.weights
        x = w["model.embed_tokens.weight"][tokens]
        for layer in range(self.config["num_hidden_layers"]):
            p = f"model.layers.{layer}."
            h = self.norm(x, p + "input_layernorm.weight")
            q, k, v = ((h @ w[f"{p}self_attn.{n}_proj.weight"].T).reshape(-1, self.heads, self.size) for n in "qkv")
            keys, values = cache[layer]
            keys[:, :, position], values[:, :, position] = self.rotate(k, position), v
            scores = (keys[:, :, : position + 1] @ self.rotate(q, position)[..., None])[..., 0] / np.sqrt(self.size)
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            mixed = (scores[:, :, None] @ values[:, :, : position + 1]).reshape(len(tokens), -1)
            x = x + mixed @ w[p + "self_attn.o_proj.weight"].T
            h = self.norm(x, p + "post_attention_layernorm.weight")
            gate = h @ w[p + "mlp.gate_proj.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * (h @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
        return self.norm(x, "model.norm.weight") @ w["lm_head.weight"].T

    def sample(self, prompt, count, most, random, temperature, top_p):
        """The tokens of `count` samples; None ends one that was cut."""
        end = self.config["eos_token_id"]
        length = len(prompt) + most
        shape = (count, self.heads, length, self.size)
        cache = [(np.zeros(shape, np.float32), np.zeros(shape, np.float32)) for _ in range(self.config["num_hidden_layers"])]
        for position, token in enumerate(prompt):
            logits = self.step(np.full(count, token), position, cache)
        rows = np.arange(count)  # the sample in each row; finished ones are dropped now and then
        drawn = [[] for _ in range(count)]
        unfinished = set(range(count))
        for position in range(len(prompt), length):
            probability = nucleus(np.exp((logits - logits.max(-1, keepdims=True)).astype(np.float64) / temperature), top_p)
            cumulative = probability.cumsum(-1)
            tokens = (cumulative < random.random((len(rows), 1)) * cumulative[:, -1:]).sum(-1)
            for sample, token in zip(rows, tokens):
                if sample in unfinished:
                    drawn[sample].append(int(token))
                    if token == end:
                        unfinished.discard(sample)
            if not unfinished or position == length - 1:
                break
            if len(unfinished) < 0.7 * len(rows):
                kept = np.array([sample in unfinished for sample in rows])
                rows, tokens = rows[kept], tokens[kept]
                cache = [(keys[kept], values[kept]) for keys, values in cache]
            logits = self.step(tokens, position, cache)
        return [tokens + [None] * (i in unfinished) for i, tokens in enumerate(drawn)]


def nucleus(weights, top_p):
    """Keeps of every row the likeliest tokens until their mass reaches top_p, that one included."""
    order = np.argsort(-weights, axis=-1, kind="stable")
    sorted_weights = np.take_along_axis(weights, order, -1)
    before = sorted_weights.cumsum(-1) - sorted_weights
    kept = np.where(before < top_p * weights.sum(-1, keepdims=True), sorted_weights, 0)
    result = np.zeros_like(weights)
    np.put_along_axis(result, order, kept, -1)
    return result


def text_of(tokens):
    return None if tokens[-1] is None else "".join(CHARACTERS[t] for t in tokens[:-1] if t < len(CHARACTERS))


def correct(numbers, target, text):
    """Every step legal, every number used exactly once, the last result the target."""
    if text is None:
        return False
    pool = list(numbers)
    steps = text.split(",")
    if len(steps) != len(numbers) - 1:
        return False
    for step in steps:
        operator = next((c for c in step if c in "+-*/"), None)
        if operator is None:
            return False
        left, _, rest = step.partition(operator)
        right, equals, result = rest.partition("=")
        if not (equals and left.isdigit() and right.isdigit() and result.isdigit()):
            return False
        a, b, c = int(left), int(right), int(result)
        if operator == "/" and (b == 0 or a % b):
            return False
        if c != {"+": a + b, "-": a - b, "*": a * b, "/": a // b if b else 0}[operator]:
            return False
        for used in (a, b):
            if used not in pool:
                return False
            pool.remove(used)
        pool.append(c)
    return pool == [target]


def main(folder, problems, first, count, seed, temperature, top_p):
    model = Llama(folder)
    random = np.random.default_rng(int(seed))
    for line in list(open(problems))[: int(first)]:
        problem = json.loads(line)
        prompt = [model.config["bos_token_id"]] + [CHARACTERS.index(c) for c in problem["prompt"]]
        samples = model.sample(prompt, int(count), 64, random, float(temperature), float(top_p))
        right = sum(correct(problem["numbers"], problem["target"], text_of(tokens)) for tokens in samples)
        whole = [tuple(t for t in tokens if t is not None) for tokens in samples]
        prefixes = {tokens[:at] for tokens in whole for at in range(len(tokens))}
        result = {"id": problem["id"], "n": int(count), "c": right, "tokens": sum(map(len, whole)), "rows": len(prefixes)}
        print(json.dumps(result), flush=True)


main(*sys.argv[1:])
