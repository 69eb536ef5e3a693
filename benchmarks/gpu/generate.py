"""Decoding throughput of Hugging Face transformers on random weights: the time of a step is the difference between generating few and
more tokens, over the tokens between, so prefill and set-up stay out."""

import time

import torch

from timing import DEVICE

SHAPES = {
    "llama-3.1-8b": ("Llama", dict(vocab_size=128_256, hidden_size=4096, intermediate_size=14_336, num_hidden_layers=32,
                                   num_attention_heads=32, num_key_value_heads=8, rms_norm_eps=1e-5, max_position_embeddings=8192)),
    "qwen2.5-7b": ("Qwen2", dict(vocab_size=152_064, hidden_size=3584, intermediate_size=18_944, num_hidden_layers=28,
                                 num_attention_heads=28, num_key_value_heads=4, rms_norm_eps=1e-6, max_position_embeddings=8192)),
    "tiny": ("Llama", dict(vocab_size=500, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
                           num_key_value_heads=2, max_position_embeddings=256)),
}


def build(name):
    import transformers

    family, fields = SHAPES[name]
    config = getattr(transformers, f"{family}Config")(**fields, tie_word_embeddings=False)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16 if DEVICE == "cuda" else torch.float32)
    try:
        with torch.device(DEVICE):
            model = getattr(transformers, f"{family}ForCausalLM")(config)
    finally:
        torch.set_default_dtype(before)
    return model.eval()


def seconds(model, prompt, tokens, cache):
    if DEVICE == "cuda":
        torch.cuda.synchronize()
    begin = time.perf_counter()
    with torch.inference_mode():
        model.generate(
            prompt, attention_mask=torch.ones_like(prompt), min_new_tokens=tokens, max_new_tokens=tokens, do_sample=True, temperature=0.6,
            top_p=0.95, top_k=0, pad_token_id=0, eos_token_id=None, **cache)
    if DEVICE == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - begin


def measure(emit, name, batches, contexts, few=4, more=20):
    model = build(name)
    # The static cache would be compiled, which takes longer than the measurement.
    caches = {"dynamic cache": {}, "static cache": dict(cache_implementation="static", disable_compile=True)}
    for context in contexts:
        for batch in batches:
            for label, cache in caches.items():
                facts = dict(kernel="decode", by=f"transformers, {label}", model=name, batch=batch, context=context)
                try:
                    prompt = torch.randint(1, 400, (batch, max(1, context - more // 2)), device=DEVICE)
                    if batch == batches[0] and context == contexts[0]:
                        seconds(model, prompt[:, :8], 2, cache)
                    base = seconds(model, prompt, few, cache)
                    step = (seconds(model, prompt, more, cache) - base) / (more - few)
                    emit(**facts, microseconds=step * 1e6, tokensPerSecond=batch / step)
                except (RuntimeError, TypeError, ValueError) as error:
                    emit(**facts, failed=str(error)[:200])
                    if DEVICE == "cuda":
                        torch.cuda.empty_cache()
