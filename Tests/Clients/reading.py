"""Reads what Casebook publishes, by the formats' own definitions and refusing what they forbid."""

import json
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file


def read_json(path):
    """A JSON file whose keys are sorted and stand once, and whose numbers are numbers."""

    def members(pairs):
        keys = [key for key, _ in pairs]
        assert keys == sorted(set(keys), key=lambda key: key.encode()), f"keys not sorted: {keys}"
        return dict(pairs)

    def number(text):
        assert math.isfinite(float(text)), f"{text} is not finite"
        return float(text)

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    text = Path(path).read_bytes().decode("utf-8", "strict")
    return json.loads(
        text, object_pairs_hook=members, parse_float=number, parse_constant=refuse)


def read_tensor_header(path):
    """The metadata, the tensors' descriptions and the CRC-32 of the data section."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    return header.pop("__metadata__", {}), header, f"{zlib.crc32(data[8 + length:]):08x}"


def read_png(path):
    """Width, height and the pairs of the text chunks."""
    data = Path(path).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG signature"
    place, size, texts, kind = 8, None, [], None
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert checksum == zlib.crc32(kind + content), f"chunk {kind} is damaged"
        if kind == b"IHDR":
            size = struct.unpack(">II", content[:8])
        elif kind == b"tEXt":
            key, text = content.split(b"\0", 1)
            texts.append((key.decode("latin-1"), text.decode("latin-1")))
        elif kind == b"iTXt":
            key, rest = content.split(b"\0", 1)
            packed, text = rest[0], rest[2:].split(b"\0", 2)[2]
            texts.append((key.decode(), (zlib.decompress(text) if packed else text).decode()))
        elif kind == b"zTXt":
            key, text = content.split(b"\0", 1)
            texts.append((key.decode("latin-1"), zlib.decompress(text[1:]).decode("latin-1")))
        place += 12 + length
    assert kind == b"IEND", "no end"
    return size, texts


def cases_in(gallery):
    """The folders of a gallery's cases."""
    return sorted(path.parent.parent for path in gallery.glob("*/main/network.json"))


def population(variant):
    """A variant's weights by step and name, every seed stacked on axis 0."""
    steps = {}
    for name, tensor in load_file(Path(variant) / "population.safetensors").items():
        step, name = name.split("/", 1)
        steps.setdefault(int(step), {})[name] = tensor
    return dict(sorted(steps.items()))


def is_finite(name, tensor):
    """Whether all numbers are finite; a masked key's score is −∞."""
    masked = name.endswith("attn.hook_attn_scores") & np.isneginf(tensor)
    return (np.isfinite(tensor) | masked).all()
