"""Checkpoints in Hugging Face's layout: config.json, tokenizer and bfloat16 weights in the safetensors format
(8 bytes of header length, a JSON header, then the tensors; https://huggingface.co/docs/safetensors)."""
import json
import os
import shutil

import torch

from model import BOS, EOS, EPSILON, FEED_FORWARD, HEAD, HEADS, LAYERS, PAD, POSITIONS, THETA, VOCABULARY, WIDTH, Llama

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE_FILES = ("tokenizer.json", "tokenizer_config.json", "generation_config.json")

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": VOCABULARY,
    "hidden_size": WIDTH,
    "intermediate_size": FEED_FORWARD,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "num_key_value_heads": HEADS,
    "head_dim": HEAD,
    "max_position_embeddings": POSITIONS,
    "rms_norm_eps": EPSILON,
    "rope_theta": THETA,
    "rope_scaling": None,
    "hidden_act": "silu",
    "attention_bias": False,
    "mlp_bias": False,
    "tie_word_embeddings": False,
    "bos_token_id": BOS,
    "eos_token_id": EOS,
    "pad_token_id": PAD,
    "torch_dtype": "bfloat16",
}


def save(model, folder):
    os.makedirs(folder, exist_ok=True)
    header, blobs, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in sorted(model.state_dict().items()):
        # The bits of a bfloat16 are read as int16, which NumPy knows.
        blob = tensor.detach().cpu().to(torch.bfloat16).contiguous().view(torch.int16).numpy().tobytes()
        header[name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(folder, "model.safetensors"), "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(blobs))
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(CONFIG, indent=2) + "\n")
    for name in SIDE_FILES:
        shutil.copyfile(os.path.join(HERE, "tokenizer", name), os.path.join(folder, name))


def load(folder, device):
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        blob = bytearray(file.read())
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        state[name] = torch.frombuffer(blob[start:end], dtype=torch.bfloat16).view(entry["shape"]).float()
    model = Llama()
    model.load_state_dict(state)
    return model.to(device)
