"""A small Llama in plain PyTorch, its tokens, and rollouts with a key/value cache.

Parameters carry the names of Hugging Face's LlamaForCausalLM, so that a state dictionary is the checkpoint.
"""
import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

CHARACTERS = "0123456789+-*/=, >:"
PAD, BOS, EOS, VOCABULARY = 19, 20, 21, 22
WIDTH, LAYERS, HEADS, FEED_FORWARD, POSITIONS, EPSILON, THETA = 128, 4, 4, 352, 128, 1e-5, 10000.0
HEAD = WIDTH // HEADS
LONGEST = 56  # tokens of a completion


def encode(text):
    return [CHARACTERS.index(c) for c in text]


def decode(tokens):
    return "".join(CHARACTERS[t] for t in tokens if t < len(CHARACTERS))


class RMSNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * self.weight


def linear(inputs, outputs, deviation):
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(layer.weight, std=deviation)
    return layer


def rotated(x, angles):
    cos, sin = angles
    left, right = x.chunk(2, -1)
    return x * cos + torch.cat((-right, left), -1) * sin


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj = (linear(WIDTH, WIDTH, WIDTH ** -0.5) for _ in range(3))
        self.o_proj = linear(WIDTH, WIDTH, (2 * LAYERS * WIDTH) ** -0.5)

    def forward(self, x, angles, mask, cache):
        rows, length, _ = x.shape
        query, key, value = (p(x).view(rows, length, HEADS, HEAD).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        query, key = rotated(query, angles), rotated(key, angles)
        if cache is not None:
            key, value = cache.append(self, key, value)
        scores = query @ key.transpose(2, 3) / math.sqrt(HEAD) + mask
        return self.o_proj((scores.softmax(-1) @ value).transpose(1, 2).reshape(rows, length, WIDTH))


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate_proj, self.up_proj = (linear(WIDTH, FEED_FORWARD, WIDTH ** -0.5) for _ in range(2))
        self.down_proj = linear(FEED_FORWARD, WIDTH, (2 * LAYERS * FEED_FORWARD) ** -0.5)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = RMSNorm(), RMSNorm()
        self.self_attn, self.mlp = Attention(), FeedForward()

    def forward(self, x, angles, mask, cache):
        x = x + self.self_attn(self.input_layernorm(x), angles, mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = RMSNorm()
        angles = torch.outer(torch.arange(POSITIONS), THETA ** (-torch.arange(0, HEAD, 2) / HEAD))
        self.register_buffer("angles", torch.cat((angles, angles), -1), persistent=False)

    def forward(self, tokens, positions, mask, cache=None):
        angles = self.angles[positions].unsqueeze(1)
        angles = (angles.cos(), angles.sin())
        x = self.embed_tokens(tokens)
        for layer in self.layers:
            x = layer(x, angles, mask, cache)
        return self.norm(x)


class Llama(nn.Module):
    """tokens [rows, length] -> logits [rows, length, 22]."""

    def __init__(self):
        super().__init__()
        self.model = Decoder()
        self.lm_head = linear(WIDTH, VOCABULARY, 0.02)

    def forward(self, tokens):
        """Rows start at position 0 and are padded on the right, where nothing that counts looks."""
        length = tokens.shape[1]
        mask = torch.full((length, length), -math.inf, device=tokens.device).triu(1)
        return self.lm_head(self.model(tokens, torch.arange(length, device=tokens.device).unsqueeze(0), mask))


@dataclass
class Cache:
    """Keys and values of the rows that still grow."""
    kept: dict

    def append(self, layer, key, value):
        if layer in self.kept:
            key, value = (torch.cat(pair, 2) for pair in zip(self.kept[layer], (key, value)))
        self.kept[layer] = key, value
        return key, value

    def select(self, rows):
        self.kept = {layer: (key[rows], value[rows]) for layer, (key, value) in self.kept.items()}


@torch.no_grad()
def roll_out(model, prompts, group, generator):
    """`group` samples of each prompt at temperature 1. prompts: lists of tokens.

    Returns the completions, prompt by prompt, each with its EOS where it has one, and the mean entropy of a token's distribution in nats.
    """
    device = model.lm_head.weight.device
    longest = max(map(len, prompts))
    tokens = torch.tensor([[PAD] * (longest - len(p)) + p for p in prompts], device=device).repeat_interleave(group, 0)
    padding = torch.tensor([longest - len(p) for p in prompts], device=device).repeat_interleave(group)
    places = torch.arange(longest, device=device)
    hidden = (places < padding.unsqueeze(1)).float() * -1e9  # [rows, places]: what lies left of a prompt is never seen
    mask = hidden[:, None, None, :] + torch.full((longest, longest), -1e9, device=device).triu(1)
    cache = Cache({})
    state = model.model(tokens, (places - padding.unsqueeze(1)).clamp(min=0), mask, cache)[:, -1]
    completions, growing, entropy, count = [[] for _ in tokens], torch.arange(len(tokens), device=device), 0.0, 0
    for step in range(LONGEST):
        log_probabilities = model.lm_head(state).log_softmax(-1)
        probabilities = log_probabilities.exp()
        entropy -= (probabilities * log_probabilities).sum().item()
        count += len(growing)
        drawn = torch.multinomial(probabilities, 1, generator=generator).squeeze(1)
        for row, token in zip(growing.tolist(), drawn.tolist()):
            completions[row].append(token)
        keep = (drawn != EOS).nonzero().squeeze(1)
        if len(keep) == 0 or step == LONGEST - 1:
            break
        if len(keep) < len(growing):
            growing, drawn, padding, hidden = growing[keep], drawn[keep], padding[keep], hidden[keep]
            cache.select(keep)
        hidden = F.pad(hidden, (0, 1))
        state = model.model(drawn.unsqueeze(1), (longest + step - padding).unsqueeze(1), hidden[:, None, None, :], cache)[:, -1]
    return completions, entropy / count


def batch(rows, device):
    """rows: (tokens, tokens of the prompt). Inputs and targets [rows, longest - 1], and a mask of the targets that belong to completions."""
    longest = max(len(tokens) for tokens, _ in rows)
    padded = torch.tensor([tokens + [PAD] * (longest - len(tokens)) for tokens, _ in rows], device=device)
    places = torch.arange(1, longest, device=device)
    starts, ends = (torch.tensor(edge, device=device).unsqueeze(1) for edge in ([start for _, start in rows], [len(t) for t, _ in rows]))
    return padded[:, :-1], padded[:, 1:], ((places >= starts) & (places < ends)).float()


def log_probabilities_of(model, inputs, targets):
    """The log-probability of each target [rows, length], in nats."""
    logits = model(inputs)
    return -F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").view_as(targets)
