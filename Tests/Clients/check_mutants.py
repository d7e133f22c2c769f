"""Reads mutated tensor files with the official library and with Casebook.

    check_mutants.py WRITER ARTIFACTS CORPUS COUNT

What the official library refuses, Casebook must refuse; what both accept they must read alike; and Casebook writes what
the official library would, up to the order of the metadata. The mutants are of the files in CORPUS, and the same on every run.
"""

import json
import random
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import safetensors
import safetensors.numpy

BATCH = 10_000
PIECES = [
    piece.encode() for piece in (
        "0", "1", "4", "28", "32", "-1", "2,2", "1,", "4294967296", "9223372036854775807",
        "18446744073709551616", "1e1", "1.0", "01", "+1", '"F32"', '"I32"', '"F16"', '"BOOL"', "[]",
        "{}", "[0,0]", "null", "true", '"w"', '"dtype"', '"shape"', '"data_offsets"',
        '"__metadata__"', '"x":1', " ", "\n", "\t", "\f", "\0", "\\u0077", "\\ud800", "\\", '"', ",",
        ":", "[", "]", "{", "}", "é", "e\u0301", "\ufeff", "//", "NaN")
] + [b"\xff", b"\xc0\x80", b"\xed\xa0\x80"]


def split(file):
    end = 8 + int.from_bytes(file[:8], "little")
    return file[8:end], file[end:]


def joined(header, data, length=None):
    return (len(header) if length is None else length).to_bytes(8, "little") + header + data


def words(header):
    """Where the runs of letters and digits, and every other byte, stand."""
    ranges, start = [], 0
    while start < len(header):
        end = start + 1
        while header[start:end].isalnum() and header[start:end + 1].isalnum() and end < len(header):
            end += 1
        ranges.append((start, end))
        start = end
    return ranges


def with_bytes_changed(file, dice):
    file = bytearray(file)
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(file) + 1)
        match dice.randrange(6):
            case 0: file[place:place + 1] = bytes([dice.randrange(256)])
            case 1: file[place:place + 1] = bytes(b ^ 1 << dice.randrange(8) for b in file[place:place + 1])
            case 2: file[place:place] = bytes([dice.randrange(256)])
            case 3: del file[place:place + dice.randint(1, 9)]
            case 4: file[place:place] = file[place:place + dice.randint(1, 9)]
            case 5: del file[-dice.randint(1, 16):]
    return bytes(file)


def with_words_changed(file, dice):
    header, data = split(file)
    for _ in range(dice.randint(1, 3)):
        places = words(header)
        begin, end = dice.choice(places)
        source = dice.choice(places)
        piece = header[slice(*source)] if dice.random() < 0.3 else dice.choice(PIECES)
        header = header[:begin] + piece + header[begin if dice.random() < 0.3 else end:]
        if not header:
            break
    return joined(header, data)


def with_entries_changed(file, dice):
    """The header as JSON, with tensors renamed, left out, moved, and of other shapes and types."""
    header, data = split(file)
    entries = json.loads(header)
    name = dice.choice([name for name in entries if name != "__metadata__"])
    entry = entries[name]
    match dice.randrange(7):
        case 0: entry["dtype"] = dice.choice(["F32", "I32", "F16", "U32", "f32", "BOOL", None, 4])
        case 1: entry["shape"] = dice.choice([[], [0], [-1], [1] + entry["shape"], entry["shape"][::-1]])
        case 2: entry["data_offsets"][dice.randrange(2)] += dice.choice([-4, 4, -1, 1, 1 << 63])
        case 3: entries[dice.choice(["", "é\0\n", "a" * 3000, "__metadata__ "])] = entries.pop(name)
        case 4: entry[dice.choice(["offsets", "Shape", ""])] = dice.choice([0, None, []])
        case 5: entries["__metadata__"][dice.choice(["case", "note", "é"])] = dice.choice(["", "x", 1, None])
        case 6: data += bytes(dice.choice([1, 4])); entries["more"] = dict(entry, shape=[1])
    text = json.dumps(entries, ensure_ascii=dice.random() < 0.5, indent=dice.choice([None, 1]))
    return joined(text.encode("utf-8", "surrogatepass"), data)


def with_data_changed(file, dice):
    """Other data, and their checksum."""
    header, data = split(file)
    changed = with_bytes_changed(data, dice) if data else data
    old, new = (f"{zlib.crc32(part):08x}".encode() for part in (data, changed))
    return joined(header.replace(old, new), changed)


def with_length_changed(file, dice):
    header, data = split(file)
    length = dice.choice([0, 1, 7, 8, len(header) + dice.randint(-9, 9), 1 << 27, 1 << 32, (1 << 64) - 1])
    return joined(header, data, max(length, 0))


MUTATIONS = [
    with_bytes_changed, with_words_changed, with_words_changed, with_entries_changed,
    with_data_changed, with_length_changed]


def mutants(sound, count):
    dice = random.Random(8)
    return (dice.choice(MUTATIONS)(dice.choice(sound), dice) for _ in range(count))


def described(file, scratch):
    """What a file holds, as ReadBatch.swift prints it; None where it is refused."""
    try:
        tensors = safetensors.deserialize(file)
        scratch.write_bytes(file)
        with safetensors.safe_open(scratch, "numpy") as opened:
            metadata = opened.metadata() or {}
    except Exception:
        return None
    own = ("format", "version", "crc32")
    notes = [f"{k.encode().hex()}={v.encode().hex()}" for k, v in metadata.items() if k not in own]
    entries = [
        f"{name.encode().hex()}:{t['dtype']}:{','.join(map(str, t['shape']))}:{t['data'].hex()}"
        for name, t in tensors]
    return " ".join(sorted(notes) + sorted(entries))


def read_by_casebook(writer, batch, path):
    path.write_bytes(b"".join(len(file).to_bytes(4, "little") + file for file in batch))
    run = subprocess.run([writer, "read", path], capture_output=True, text=True)
    assert run.returncode == 0, f"Casebook's reader died of a mutant ({run.returncode}): {run.stderr[-300:]}"
    lines = run.stdout.split("\n")[:-1]
    assert len(lines) == len(batch), f"{len(lines)} lines for {len(batch)} files"
    return [None if line == "refused" else line for line in lines]


def writes_alike(file):
    """Whether the official library would write the same bytes, the order of the metadata aside."""
    entries, data = split(file)
    metadata = json.loads(entries)["__metadata__"]
    again, other_data = split(safetensors.numpy.save(safetensors.numpy.load(file), metadata))
    behind = [text.rstrip(b" ").split(b"}", 1)[1] for text in (entries, again)]
    return behind[0] == behind[1] and data == other_data and len(entries) == len(again)


def main():
    writer, artifacts, corpus = (Path(argument).resolve() for argument in sys.argv[1:4])
    count = int(sys.argv[4])
    files = sorted(artifacts.rglob("*.safetensors"))
    different = [path for path in files if not writes_alike(path.read_bytes())]
    assert files and not different, f"the official library writes otherwise: {different}"
    sound = [path.read_bytes() for path in sorted(corpus.glob("*.safetensors"))]
    seen = both = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        batch_path, scratch = Path(folder, "batch"), Path(folder, "mutant.safetensors")
        assert all(read_by_casebook(writer, sound, batch_path)), f"not all of {corpus} is sound"
        stream = mutants(sound, count)
        while batch := [file for _, file in zip(range(BATCH), stream)]:
            for file, ours in zip(batch, read_by_casebook(writer, batch, batch_path)):
                theirs = described(file, scratch)
                if ours is not None and ours != theirs:
                    kept = writer.with_name("mutant.safetensors")
                    kept.write_bytes(file)
                    sys.exit(f"mutant {seen} of {count}, kept as {kept}: the official library "
                             f"{'refuses it' if theirs is None else f'reads {theirs}'}, and Casebook reads {ours}")
                seen += 1
                both += ours is not None
                refused += theirs is None
    assert both > count // 50 and refused > count // 4, f"the mutants are too tame or too wild: {both}, {refused}"
    print(f"{len(files)} tensor files are what the official library would write")
    print(f"{seen} mutants: it refuses {refused}, as Casebook does, which reads {both} as it does")


if __name__ == "__main__":
    main()
