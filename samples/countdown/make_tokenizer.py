"""Writes tokenizer/tokenizer.model, the vocabulary of tokenizer.json as a SentencePiece model, which llama.cpp's converter reads.

The format is a protocol buffer, ModelProto of sentencepiece_model.proto: field 1 pieces (1 text, 2 score, 3 type: 1 normal, 2 unknown,
3 control), field 2 the trainer's settings (3 model type: 2 BPE, 4 vocabulary size, 40 to 43 the unknown, begin, end and padding ids),
field 3 the normaliser's (1 name, 3 dummy prefix, 4 remove extra white space, 5 escape white space).
"""
import os
import struct

from model import BOS, CHARACTERS, EOS, PAD, VOCABULARY

HERE = os.path.dirname(os.path.abspath(__file__))
UNKNOWN = PAD  # a SentencePiece model must name an unknown piece, and no text ever gives a padding token


def number(value):
    """A varint."""
    digits = bytearray()
    while value >= 0x80:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])


def field(at, value):
    if isinstance(value, int):
        return number(at << 3) + number(value)
    if isinstance(value, float):
        return number(at << 3 | 5) + struct.pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return number(at << 3 | 2) + number(len(data)) + data


def piece(token):
    special = {PAD: ("<pad>", 2), BOS: ("<s>", 3), EOS: ("</s>", 3)}
    text, kind = special[token] if token in special else (CHARACTERS[token].replace(" ", "\u2581"), 1)
    return field(1, text) + field(2, float(-token)) + field(3, kind)


def tokenizer_model():
    trainer = field(3, 2) + field(4, VOCABULARY) + field(40, UNKNOWN) + field(41, BOS) + field(42, EOS) + field(43, PAD)
    normaliser = field(1, "identity") + field(3, 0) + field(4, 0) + field(5, 1)
    return b"".join(field(1, piece(token)) for token in range(VOCABULARY)) + field(2, trainer) + field(3, normaliser)


if __name__ == "__main__":
    with open(os.path.join(HERE, "tokenizer", "tokenizer.model"), "wb") as file:
        file.write(tokenizer_model())
