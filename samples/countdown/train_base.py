"""Trains a base model on random walks: python3 train_base.py --seed 1 --out ../../models/countdown-base --log logs/base-1.csv

Two phases, each with its own optimiser and schedule: problems of 3 and 4 numbers from 1 to 13, then of 4 and 5 numbers from 1 to 20.
The loss is on completions only. Everything is counted in tokens (prompt and completion, without padding).
"""
import random
from dataclasses import dataclass

from training import Log, arguments, prepare

import torch

from checkpoint import save
from countdown import draw
from model import BOS, EOS, Llama, batch, encode, log_probabilities_of

BATCH = 64
WARM_UP = 200  # steps


@dataclass(frozen=True)
class Phase:
    tokens: int
    rate: float
    most: int  # largest number of a problem
    shorter: float  # share of problems with `count` numbers, the others have one more
    count: int


PHASES = [Phase(7_100_000, 2e-3, 13, 0.25, 3), Phase(3_000_000, 1.5e-3, 20, 0.4, 4)]


def example(rng, phase):
    problem, steps = draw(rng, phase.count if rng.random() < phase.shorter else phase.count + 1, phase.most)
    prompt = [BOS] + encode(problem.prompt)
    return prompt + encode(steps) + [EOS], len(prompt)


def rate(phase, step, seen):
    """Linear warm-up, a plateau, and a linear decay to 2% over the last 40% of the tokens."""
    done = seen / phase.tokens
    return phase.rate * min(1, (step + 1) / WARM_UP) * max(0.02, min(1, (1 - done) / 0.4))


def train(model, phase, rng, device, log, total):
    optimiser = torch.optim.AdamW(model.parameters(), lr=phase.rate, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01)
    seen = step = 0
    while seen < phase.tokens:
        for group in optimiser.param_groups:
            group["lr"] = rate(phase, step, seen)
        rows = [example(rng, phase) for _ in range(BATCH)]
        inputs, targets, mask = batch(rows, device)
        loss = -(log_probabilities_of(model, inputs, targets) * mask).sum() / mask.sum()
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        seen += sum(len(tokens) for tokens, _ in rows)
        log.add(tokens=total + seen, loss=loss.item(), gradient=norm.item(), rate=rate(phase, step, seen))
    return total + seen


def main():
    options = arguments(__doc__)
    device = prepare(options)
    model, rng, total = Llama().to(device), random.Random(f"base {options.seed}"), 0
    with Log(options.log, every=100) as log:
        for phase in PHASES:
            total = train(model, phase, rng, device, log, total)
    save(model, options.out)


if __name__ == "__main__":
    main()
