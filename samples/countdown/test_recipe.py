"""python3 -m unittest (in this folder); the tests of the model skip where there is no PyTorch."""
import itertools
import json
import os
import random
import tempfile
import unittest

from countdown import MOST, Problem, chance, draw, legal, solves, walk
from make_problems import STRATA, problems

try:
    import torch
except ImportError:
    torch = None


class Countdown(unittest.TestCase):
    def test_every_walk_solves_the_problem_it_made(self):
        rng = random.Random(1)
        for count, most in itertools.product((2, 3, 4, 5), (13, 20)):
            for _ in range(50):
                problem, steps = draw(rng, count, most)
                self.assertTrue(solves(problem, steps), (problem, steps))

    def test_what_does_not_solve_a_problem_is_refused(self):
        problem = Problem((11, 2, 6, 11), 53)
        self.assertTrue(solves(problem, "11-6=5,11*5=55,55-2=53"))
        for text in (
            "", "11-6=5", "11-6=5,11*5=55,55-2=54", "11-6=5,11*5=55,55-2=53,", "11-6=5,11*5=54,54-2=53", "11-6=5,5*11=55,2-55=53",
            "11-6=5,11*5=55,55+-2=53", "11*11=121,121-6=115,115/2=53", "11-6=5,6*11=66,66-2=64", "53", "11/0=5,11*5=55,55-2=53",
        ):
            self.assertFalse(solves(problem, text), text)

    def test_two_numbers_always_have_a_legal_step(self):
        for a in range(1, MOST + 1):
            for b in range(1, a + 1):
                self.assertTrue(legal(a, "-", b) or legal(a, "/", b))

    def test_chance_is_the_share_of_walks_that_hit(self):
        rng = random.Random(2)
        for _ in range(5):
            problem, _ = draw(rng, 4, 20)
            exact, tries = chance(problem.numbers, problem.target), 10_000
            hits = sum(walk(rng, problem.numbers)[0] == problem.target for _ in range(tries))
            self.assertLess(abs(hits / tries - exact), 5 * (exact * (1 - exact) / tries) ** 0.5)

    def test_chances_of_all_targets_add_up_to_one(self):
        self.assertAlmostEqual(sum(chance((3, 4, 7), target) for target in range(1, MOST + 1)), 1, places=12)

    def test_training_never_sees_a_held_out_problem_whatever_the_order_of_its_numbers(self):
        rng = random.Random(3)
        drawn = [draw(rng, 4, 20)[0] for _ in range(2000)]
        for problem in drawn[:100]:
            for numbers in itertools.permutations(problem.numbers):
                self.assertFalse(Problem(numbers, problem.target).held_out)

    def test_one_problem_in_twenty_is_held_out(self):
        rng = random.Random(4)
        drawn = [Problem(tuple(1 + int(rng.random() * 20) for _ in range(5)), 10 + int(rng.random() * 90)) for _ in range(20_000)]
        self.assertAlmostEqual(sum(problem.held_out for problem in drawn) / len(drawn), 0.05, delta=0.008)

    def test_the_shipped_problems_are_what_the_rule_draws(self):
        file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "models", "countdown_problems.jsonl")
        with open(file, encoding="utf-8") as lines:
            shipped = [json.loads(line) for line in lines]
        drawn = problems()
        self.assertEqual([(tuple(line["numbers"]), line["target"]) for line in shipped], [(p.numbers, p.target) for p, _ in drawn])
        self.assertEqual([line["prompt"] for line in shipped], [p.prompt for p, _ in drawn])
        self.assertEqual([line["chance"] for line in shipped], [luck for _, luck in drawn])
        self.assertTrue(all(p.held_out for p, _ in drawn))
        for low, high, count in STRATA:
            self.assertEqual(sum(low <= luck < high for _, luck in drawn), count)


@unittest.skipIf(torch is None, "PyTorch is not installed")
class Model(unittest.TestCase):
    def setUp(self):
        from model import Llama
        torch.manual_seed(5)
        self.model = Llama()
        torch.nn.init.normal_(self.model.lm_head.weight, std=0.3)

    def test_roll_outs_follow_the_distribution_of_a_whole_pass(self):
        from model import BOS, EOS, LONGEST, encode, roll_out
        prompts = [[BOS] + encode(text) for text in ("1 2>3:", "10 20 3 4>99:")]
        completions, entropy = roll_out(self.model, prompts, 3, torch.Generator().manual_seed(6))
        # The same draws from passes over whole sequences, a row at a time: the generator serves the rows that still grow, in their order.
        generator, rows, ended, entropies = torch.Generator().manual_seed(6), [list(p) for p in prompts for _ in range(3)], set(), []
        for _ in range(LONGEST):
            growing = [row for row in range(6) if row not in ended]
            if not growing:
                break
            with torch.no_grad():
                probabilities = torch.stack([self.model(torch.tensor([rows[row]]))[0, -1].softmax(-1) for row in growing])
            entropies += (-(probabilities * probabilities.log()).sum(-1)).tolist()
            for row, token in zip(growing, torch.multinomial(probabilities, 1, generator=generator).squeeze(1).tolist()):
                rows[row].append(token)
                if token == EOS:
                    ended.add(row)
        self.assertEqual([prompts[row // 3] + completions[row] for row in range(6)], rows)
        self.assertAlmostEqual(entropy, sum(entropies) / len(entropies), places=4)
        self.assertTrue(ended)

    def test_the_loss_counts_completions_only(self):
        from model import batch
        inputs, targets, mask = batch([([20, 1, 2, 3, 21], 3), ([20, 4, 21], 2)], "cpu")
        self.assertEqual(targets[mask.bool()].tolist(), [3, 21, 21])
        self.assertEqual(inputs.shape, (2, 4))

    def test_a_checkpoint_comes_back_rounded_to_bfloat16(self):
        from checkpoint import load, save
        with tempfile.TemporaryDirectory() as folder:
            save(self.model, folder)
            back = load(folder, torch.device("cpu")).state_dict()
        for name, tensor in self.model.state_dict().items():
            self.assertTrue(torch.equal(back[name], tensor.to(torch.bfloat16).float()), name)

    def test_the_penalty_pulls_a_policy_that_left_towards_its_base(self):
        from checkpoint import load, save
        from train_rl import loss_of
        with tempfile.TemporaryDirectory() as folder:
            save(self.model, folder)
            base, policy = (load(folder, torch.device("cpu")) for _ in range(2))
        rows = {"prompts": [[20, 1, 18]] * 16, "completions": [[3, 21]] * 256, "advantages": torch.zeros(16, 16), "device": "cpu"}
        self.assertIsNone(loss_of(policy, base, 0.0, **rows))
        self.assertAlmostEqual(loss_of(policy, base, 0.04, **rows).item(), 0, places=6)
        torch.nn.init.normal_(policy.lm_head.weight, std=0.3)
        self.assertGreater(loss_of(policy, base, 0.04, **rows).item(), 1e-4)


if __name__ == "__main__":
    unittest.main()
