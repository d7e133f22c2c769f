"""The form of every file: tensors, JSON, pictures, and what they say of each other."""

import re
from itertools import product

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

from reading import is_finite, population, read_json, read_png, read_tensor_header

MEBIBYTE = 1 << 20


def checks(case):
    for path in sorted(case.rglob("*.safetensors")):
        yield path.relative_to(case), opens, path, case
    for path in sorted(case.rglob("*.json")):
        yield path.relative_to(case), parses, path
    for variant in sorted(path.parent for path in case.glob("*/network.json")):
        yield f"{variant.name} stacks its seeds", stacks_seeds, variant
    yield "findings", findings_complete, case
    yield "figures", figures_true, case
    yield "specimen", specimen_is_of_population, case
    yield "inputs", inputs_cover_domain, case
    yield "budgets", within_budget, case


def gallery(root, cases):
    assert cases, f"no case in {root}"
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    assert size < 40 * MEBIBYTE, f"the gallery has {size / MEBIBYTE:.1f} MiB"


def opens(path, case):
    metadata, tensors, checksum = read_tensor_header(path)
    assert metadata.get("format") == "casebook.tensors", metadata
    assert metadata.get("version") == "1", metadata
    assert metadata.get("case") == case.name, metadata
    assert metadata.get("crc32") == checksum, f"{metadata.get('crc32')}, computed {checksum}"
    with safe_open(path, "numpy") as file:
        assert file.metadata() == metadata, "the official library reads other metadata"
        assert set(file.keys()) == set(tensors) and tensors, "the official library reads others"
        for name in file.keys():
            kind = tensors[name]["dtype"]
            assert kind in ("F32", "I32"), f"{name} is {kind}"
            tensor = file.get_tensor(name)
            assert list(tensor.shape) == tensors[name]["shape"], name
            assert is_finite(name, tensor), f"{name} has numbers that are not finite"
    if path.name == "population.safetensors":
        assert metadata["variant"] == path.parent.name, metadata
    if path.parent.name == "checkpoints":
        assert int(metadata["step"]) == int(path.stem), f"{path.stem} says step {metadata['step']}"


def parses(path):
    file = read_json(path)
    kind = "findings" if path.stem == "sweep" else path.stem
    assert file["format"] == f"casebook.{kind}", file["format"]
    assert file["version"] == 1, file["version"]


def stacks_seeds(variant):
    metadata, tensors, _ = read_tensor_header(variant / "population.safetensors")
    first, last = map(int, metadata["seed"].split("-"))
    training = read_json(variant / "training.json")
    count = training["seedCount"]
    assert (first, last) == (0, count - 1), metadata["seed"]
    for name, tensor in tensors.items():
        assert tensor["shape"][0] == count, f"{name}: {tensor['shape']}, {count} seeds"
    steps = sorted({int(name.split("/")[0]) for name in tensors})
    assert ",".join(map(str, steps)) == metadata["step"], f"{steps}, {metadata['step']}"
    assert steps[0] == 0 and steps[-1] == training["steps"], steps
    for name in ("solvedAt", "frozenAt", "finalLoss", "finalAccuracy"):
        assert len(training[name]) == count, f"{name}: {len(training[name])} of {count}"
    for name in ("median", "lower", "upper", "mean"):
        for curve in (training["loss"], training["accuracy"]):
            assert len(curve[name]) == len(training["measuredSteps"]), name


def findings_complete(case):
    file = read_json(case / "findings.json")
    keys = {"value", "unit", "n", "interval", "seeds", "from"}
    for name, finding in file["findings"].items():
        assert set(finding) == keys, f"{name} has {sorted(finding)}"
        assert finding["value"] is not None, f"{name} has no value"
        assert isinstance(finding["n"], int) and finding["n"] >= 0, f"{name}: n {finding['n']}"
        interval = finding["interval"]
        if interval and not isinstance(finding["value"], list):
            assert interval["lower"] <= finding["value"] <= interval["upper"], name
        sources_exist(case, name, finding["from"])
    for prediction in file["predictions"]:
        sources_exist(case, prediction["name"], prediction["from"])


def sources_exist(case, name, sources):
    assert sources, f"{name} is from nothing"
    for source in sources:
        if "/" in source or re.search(r"\.(json|safetensors)\b", source):
            path = source.split("#")[0].split(":")[0]
            assert (case / path).exists(), f"{name} is from {source}, which is not there"


def figures_true(case):
    entries = read_json(case / "figures.json")["figures"]
    pictures = {path.stem for path in case.glob("figures/*.png")}
    assert {entry["name"] for entry in entries} == pictures, "figures.json lists others"
    for entry in entries:
        name = entry["name"]
        size, texts = read_png(case / "figures" / f"{name}.png")
        assert size == (entry["width"], entry["height"]), f"{name}: {size}"
        assert ("Case", case.name) in texts, f"{name} does not say its case"
        sources = [text for key, text in texts if key == "Source"]
        assert sources, f"{name} does not say its sources"
        sources_exist(case, name, entry["from"])
        for source, said in zip(entry["from"], sources, strict=True):
            assert said.split(" CRC-32 ")[0] == source, f"{name}: {said}, {source}"
        for key in ("title", "caption", "alt"):
            assert entry[key].strip(), f"{name} has no {key}"


def specimen_is_of_population(case):
    training = read_json(case / "main/training.json")
    specimen = training["specimen"]["seed"]
    solved = [k for k in range(training["exploreCount"]) if training["solvedAt"][k] is not None]
    assert specimen < training["exploreCount"], f"specimen {specimen} is a trial seed"
    if solved:
        assert specimen == solved[0], f"specimen {specimen}, the first solved is {solved[0]}"
    checkpoints = sorted((case / "main/checkpoints").glob("*.safetensors"))
    steps = [int(path.stem) for path in checkpoints]
    assert 20 <= len(steps) <= 40, f"{len(steps)} checkpoints"
    rows = population(case / "main")
    assert steps[0] == 0 and steps[-1] == max(rows), steps
    shared = 0
    for step, path in zip(steps, checkpoints):
        assert read_tensor_header(path)[0]["seed"] == str(specimen), f"{path.name}: another seed"
        weights = load_file(path)
        for name, tensor in rows.get(step, {}).items():
            assert weights[name].tobytes() == tensor[specimen].tobytes(), (
                f"step {step}, {name}: not the bits of seed {specimen} of the population")
            shared += 1
    assert shared >= 2 * len(rows[0]), "neither the first nor the last step was compared"


def inputs_cover_domain(case):
    metadata, _, _ = read_tensor_header(case / "activations.safetensors")
    recorded = load_file(case / "activations.safetensors")
    network = read_json(case / "main/network.json")
    count = len(recorded["outputs"])
    for name, tensor in recorded.items():
        assert len(tensor) == count, f"{name} has {len(tensor)} rows, outputs {count}"
    assert metadata["inputs"] in ("all", "probes"), metadata
    alphabets = {"signs": (-1, 1), "bits": (0, 1)}
    declared = network["inputs"]
    if metadata["inputs"] == "all" and len(declared) == 1 and declared[0]["kind"] in alphabets:
        rows = recorded["inputs"].reshape(count, -1)
        domain = set(product(alphabets[declared[0]["kind"]], repeat=rows.shape[1]))
        assert {tuple(map(int, row)) for row in rows} == domain, "not the whole domain"
        assert len(rows) == len(domain), "an input stands twice"


def within_budget(case):
    def size(*paths):
        return sum(path.stat().st_size for path in paths) / MEBIBYTE

    for path in case.glob("*/population.safetensors"):
        assert size(path) <= 6, f"{path.parent.name}: {size(path):.2f} MiB"
    assert size(case / "activations.safetensors") <= 4, "activations above 4 MiB"
    assert size(*case.glob("figures/*.png")) <= 2, "figures above 2 MiB"
