"""Trains a base model with GRPO: python3 train_rl.py --base ../../models/countdown-base --seed 1 --out ../../models/countdown-rl --log logs/rl-1-1.csv

Group relative policy optimisation (arXiv 2402.03300) on fresh problems with a verifiable reward: 1 where the completion ends and solves the
problem, else 0. Every step draws 16 problems and 16 completions of each at temperature 1; a completion's advantage is its reward less
the group's mean, divided by the group's standard deviation; one update per step, so the policy ratio is 1 and clipping has no part.
The objective is a mean over all tokens of a step, not over completions first, so that long ones weigh no less (arXiv 2503.14476).
With --kl a penalty for leaving the base is added, by the estimator of arXiv 2402.03300, equation 4.
Differentiated on policy, its expected gradient is, token by token, that of KL(base || policy), which keeps what the base would do.
"""
import random

from training import Log, arguments, prepare

import torch

from checkpoint import load, save
from countdown import draw, solves
from model import BOS, EOS, batch, decode, encode, log_probabilities_of, roll_out

GROUP, PROBLEMS, STEPS, RATE, WARM_UP = 16, 16, 250, 2e-4, 10


def rewards_of(problems, completions):
    """[problems, group]"""
    solved = [
        float(tokens[-1] == EOS and solves(problems[row // GROUP], decode(tokens[:-1])))
        for row, tokens in enumerate(completions)
    ]
    return torch.tensor(solved).view(PROBLEMS, GROUP)


def loss_of(model, base, kl, prompts, completions, advantages, device):
    """Minus the objective, a mean over all tokens of the step; None where no completion has a part in it."""
    advantages = advantages.flatten()
    taking_part = [row for row in range(len(completions)) if kl > 0 or advantages[row] != 0]
    if not taking_part:
        return None
    rows = [(prompts[row // GROUP] + completions[row], len(prompts[row // GROUP])) for row in taking_part]
    inputs, targets, mask = batch(rows, device)
    own = log_probabilities_of(model, inputs, targets)
    gain = own * advantages[taking_part].to(device).unsqueeze(1)
    if kl > 0:
        with torch.no_grad():
            reference = log_probabilities_of(base, inputs, targets)
        ratio = reference - own
        gain = gain - kl * (ratio.exp() - ratio - 1)
    return -(gain * mask).sum() / sum(map(len, completions))


def main():
    options = arguments(
        __doc__,
        base={"required": True, "help": "folder of the base model"},
        steps={"type": int, "default": STEPS},
        kl={"type": float, "default": 0.0, "help": "weight of the penalty for leaving the base"},
        stages={"default": "", "help": "steps after which to keep a checkpoint OUT-STEP, separated by commas"},
    )
    device = prepare(options)
    stages = [int(step) for step in options.stages.split(",") if step]
    base, model = load(options.base, device), load(options.base, device)
    rng, generator, tokens = random.Random(f"rl {options.seed}"), torch.Generator(device).manual_seed(options.seed), 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.0)
    with Log(options.log, every=10) as log:
        for step in range(1, options.steps + 1):
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, step / WARM_UP)
            problems = [draw(rng, 4 if rng.random() < 0.4 else 5, 20)[0] for _ in range(PROBLEMS)]
            prompts = [[BOS] + encode(problem.prompt) for problem in problems]
            completions, entropy = roll_out(model, prompts, GROUP, generator)
            rewards = rewards_of(problems, completions)
            advantages = (rewards - rewards.mean(1, keepdim=True)) / (rewards.std(1, unbiased=False, keepdim=True) + 1e-4)
            loss = loss_of(model, base, options.kl, prompts, completions, advantages, device)
            norm = 0.0
            if loss is not None:
                optimiser.zero_grad()
                loss.backward()
                norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
                optimiser.step()
            tokens += sum(map(len, completions))
            log.add(
                tokens=tokens,
                reward=rewards.mean().item(),
                entropy=entropy,
                even=(rewards.std(1, unbiased=False) == 0).float().mean().item(),  # share of groups that teach nothing
                gradient=norm,
            )
            if step in stages:
                save(model, f"{options.out}-{step}")
    save(model, options.out)


if __name__ == "__main__":
    main()
