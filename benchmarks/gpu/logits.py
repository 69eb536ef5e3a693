"""Log-probabilities of small random Llama, Qwen2 and Qwen3 models against transformers: `logits.py WORK PASSATK BACKEND...`.

transformers writes each model in bf16 and computes the reference in float32 from the same rounded weights; its own bf16 forward pass
says how large an error bf16 arithmetic makes. `passatk score` must not be more than twice as far from the reference."""

import json
import math
import os
import shutil
import subprocess
import sys

import torch
import transformers

VOCABULARY = 2048
SHARED = dict(vocab_size=VOCABULARY, hidden_size=256, intermediate_size=512, num_hidden_layers=4, num_attention_heads=8,
              num_key_value_heads=2, max_position_embeddings=512)
# Head dimension 32 but for Qwen3, whose head dimension is a setting of its own.
FAMILIES = {"Llama": SHARED, "Qwen2": SHARED, "Qwen3": dict(SHARED, head_dim=64)}
SEQUENCES, LENGTH = 4, 96


def make(family, folder, tokenizer_from):
    torch.manual_seed(7)
    config = getattr(transformers, f"{family}Config")(**FAMILIES[family], tie_word_embeddings=False, initializer_range=0.08)
    config.eos_token_id = VOCABULARY - 1
    model = getattr(transformers, f"{family}ForCausalLM")(config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("bias"):
                weight.normal_(0, 0.1)
            elif "norm" in name:
                weight.uniform_(0.8, 1.2)
    model.to(torch.bfloat16).save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(os.path.join(tokenizer_from, file), folder)


def reference(folder, sequences, dtype, device):
    # Loaded anew: converting a model would round the frequencies of its rotary embedding too.
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).to(device).eval()
    with torch.inference_mode():
        logits = model(sequences.to(device), use_cache=False).logits.double()
    chosen = torch.log_softmax(logits[:, :-1], dim=-1).gather(-1, sequences[:, 1:, None].to(device))
    return chosen[..., 0].cpu()


def passatk(program, folder, backend, sequences):
    rows = []
    for sequence in sequences.tolist():
        tokens = ",".join(str(token) for token in sequence)
        command = [program, "score", "--model", folder, "--template", "plain", "--tokens", tokens, "--backend", backend, "--kv-cache", "64MB",
                   "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[-300:])
        rows.append(json.loads(done.stdout)["logprobs"])
    return torch.tensor(rows, dtype=torch.float64)


def distance(left, right):
    return math.sqrt(((left - right) ** 2).mean().item())


def main():
    work, program, *backends = sys.argv[1:]
    models = os.environ.get("PASSATK_MODELS", os.path.join(os.path.dirname(os.path.abspath(program)), "models"))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    failed = False
    for family in FAMILIES:
        folder = os.path.join(work, family)
        make(family, folder, os.path.join(models, "countdown-base"))
        sequences = torch.randint(0, VOCABULARY - 1, (SEQUENCES, LENGTH))
        half = reference(folder, sequences, torch.bfloat16, device)
        exact = reference(folder, sequences, torch.float32, "cpu")
        theirs = distance(half, exact)
        for backend in backends:
            facts = dict(kernel="logits", by=f"passatk {backend}", model=family, theirs=theirs)
            try:
                ours = distance(passatk(program, folder, backend, sequences), exact)
                agrees = ours <= 2 * theirs
                failed |= not agrees
                print(json.dumps(dict(facts, ours=ours, agrees=agrees)), flush=True)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                failed = True
                print(json.dumps(dict(facts, failed=str(error)[:300])), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
