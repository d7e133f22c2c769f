"""Runs every network.json with run_network.py and compares with what was recorded."""

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

import run_network
from reading import is_finite, population, read_json

TOLERANCE = 1e-5


def checks(case):
    for variant in sorted(path.parent for path in case.glob("*/network.json")):
        yield f"{variant.name}/network.json", describes_itself, variant
        if variant.name == "main":
            yield "main reproduces every site", reproduces_sites, case
        else:
            yield f"{variant.name} runs", runs, case, variant


def describes_itself(variant):
    network = read_json(variant / "network.json")
    assert network["documentation"], "no documentation"
    used, stack = set(), [network["graph"]]
    while stack:
        graph = stack.pop()
        for node in graph["nodes"]:
            used.add(node["operation"])
            if "body" in node["attributes"]:
                stack.append(node["attributes"]["body"])
    assert used == set(network["operations"]), (
        f"operations used and documented differ: {used ^ set(network['operations'])}")
    last = list(population(variant).values())[-1]
    declared = {each["name"]: tuple(each["shape"]) for each in network["parameters"]}
    stored = {name: tensor.shape[1:] for name, tensor in last.items()}
    assert declared == stored, f"parameters {declared}, stored {stored}"


def recorded_inputs(network, recorded):
    names = [each["name"] for each in network["inputs"]]
    if len(names) == 1:
        return {names[0]: recorded["inputs"]}
    return {name: recorded[f"inputs.{name}"] for name in names}


def reproduces_sites(case):
    network = read_json(case / "main/network.json")
    with safe_open(case / "activations.safetensors", "numpy") as file:
        metadata = file.metadata()
    seed = int(metadata["seed"])
    recorded = load_file(case / "activations.safetensors")
    weights = {
        name: tensor[seed - first_seed(case)]
        for name, tensor in list(population(case / "main").values())[-1].items()
    }
    values = run_network.run(network, weights, recorded_inputs(network, recorded))
    assert set(values) == {site["name"] for site in network["sites"]}, "sites differ"
    assert network["output"] in values, "the output is no site"
    values["outputs"] = values[network["output"]]
    # Where not all sites would fit, the file says which it has: the output's at least.
    if "sites" in metadata:
        kept = metadata["sites"].split(",")
        assert network["output"] in kept, f"recorded are {kept}"
        values = {name: values[name] for name in [*kept, "outputs"]}
    for name, value in values.items():
        compare(name, value, recorded[name])


def first_seed(case):
    with safe_open(case / "main/population.safetensors", "numpy") as file:
        return int(file.metadata()["seed"].split("-")[0])


def compare(name, value, recorded):
    assert value.shape == recorded.shape, f"{name}: {value.shape}, recorded {recorded.shape}"
    differ = value != recorded  # equal infinities agree
    value, recorded = value[differ], recorded[differ]
    error = np.abs(value - recorded) / np.maximum(1, np.abs(recorded))
    assert (error <= TOLERANCE).all(), f"{name} is off by {error.max():.3g}"


def runs(case, variant):
    """Another variant has no recording: it runs on the recorded inputs and answers finitely."""
    network = read_json(variant / "network.json")
    main = read_json(case / "main/network.json")
    if network["inputs"] != main["inputs"]:
        return
    recorded = load_file(case / "activations.safetensors")
    for seed in (0, -1):
        weights = {
            name: tensor[seed] for name, tensor in list(population(variant).values())[-1].items()
        }
        values = run_network.run(network, weights, recorded_inputs(network, recorded))
        for site in network["sites"]:
            value = values[site["name"]]
            assert value.shape[1:] == tuple(site["shape"]), f"{site['name']}: {value.shape}"
            assert is_finite(site["name"], value), f"{site['name']} is not finite"


def covers_operations(networks):
    """Casebook writes these five into gradients only, which are in no network.json."""
    never = {"sign", "example_sum", "example_share", "maximum", "reciprocal"}
    rest = set(run_network.OPERATIONS).difference(never, *[each["operations"] for each in networks])
    assert not rest, f"operations that no check has run: {sorted(rest)}"
