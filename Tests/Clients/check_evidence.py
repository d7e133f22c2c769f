"""The evidence that every case has: findings.json against its schema, and what must follow from what in it."""

from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
from check_ledger import wilson
from reading import read_json
from safetensors.numpy import load_file

# The predictions that every explanation has to face.
STANDARD = {
    "component-suffices", "component-is-needed", "variables-move", "program-agrees",
    "program-foretells-failure",
}


@cache
def schema():
    described = read_json(Path(__file__).with_name("findings.schema.json"))
    jsonschema.Draft202012Validator.check_schema(described)
    return jsonschema.Draft202012Validator(described)


def checks(case):
    found = read_json(case / "findings.json")
    yield "findings.json fits its schema", schema().validate, found
    yield "what the schema must refuse", refuses, found
    if (case / "sweep.json").exists():
        swept = read_json(case / "sweep.json")
        yield "sweep.json fits its schema", schema().validate, swept
        yield "the counts and shares of the sweep", sweep, swept["findings"]
    findings = found["findings"]
    if "evidence-component" not in findings:
        return
    yield "shares of twins", twins, findings, found["predictions"]
    yield "what each way of ablating says", ways, findings
    yield "curves of training", curves, case, findings


def refuses(found):
    """A schema that takes everything says nothing."""
    def broken(change):
        copy = {**found, "findings": dict(found["findings"])}
        change(copy)
        return not schema().is_valid(copy)

    name, finding = next(iter(found["findings"].items()))
    assert broken(lambda copy: copy.pop("case"))
    assert broken(lambda copy: copy.update(more=1))
    for field in finding:
        less = {key: value for key, value in finding.items() if key != field}
        assert broken(lambda copy: copy["findings"].update({name: less})), f"without {field}"
    assert broken(lambda copy: copy["findings"].update({name: {**finding, "from": []}}))
    assert broken(lambda copy: copy["findings"].update({name: {**finding, "n": -1}}))
    assert broken(lambda copy: copy["findings"].update({name: {**finding, "value": None}}))


def sweep(findings):
    """Every network of a setting is counted once, and shares and intervals follow from the counts."""
    settings = [name.removesuffix("-counts") for name in findings if name.endswith("-counts")]
    outcomes = [name.removeprefix("outcome-") for name in findings if name.startswith("outcome-")]
    assert settings and outcomes
    for setting in settings:
        counts, n = findings[f"{setting}-counts"]["value"], findings[f"{setting}-counts"]["n"]
        assert sum(counts) == n > 0, f"{setting}: {counts} of {n}"
        shares = [findings[f"{setting}-{outcome}"] for outcome in outcomes]
        assert sorted(round(share["value"] * n) for share in shares) == sorted(counts), setting
        for share in shares:
            ends = wilson(round(share["value"] * n), n)
            found = share["interval"]["lower"], share["interval"]["upper"]
            assert share["n"] == n and np.allclose(found, ends, atol=1e-12), f"{setting}: {found}, {ends}"


def twins(findings, predictions):
    """The ledger's counts and the shares of the trained networks are the same, and so are their intervals."""
    tests = STANDARD
    ledger = {prediction["name"]: prediction for prediction in predictions}
    put = [test for test in sorted(tests) if f"evidence-trained-{test}" in findings]
    assert len(put) >= 3, f"only {put} were put to the case"
    for test in put:
        shares = [findings[f"evidence-{twin}-{test}"] for twin in ("trained", "untrained", "shuffled")]
        assert abs(shares[0]["value"] - ledger[test]["share"]) < 1e-12, test
        for share in shares:
            expected = wilson(round(share["value"] * share["n"]), share["n"])
            ends = share["interval"]["lower"], share["interval"]["upper"]
            assert np.allclose(ends, expected, atol=1e-9), f"{test}: {ends}, not {expected}"


def ways(findings):
    """A claim is flagged if, and only if, four networks in five bear it out under one way and not under another."""
    if "evidence-clean" not in findings:
        return
    claims = {"alone": "that each member is missed", "needed": "that the whole is needed",
              "enough": "that the whole is enough"}
    flips = [
        words for claim, words in claims.items()
        if len({share >= 0.8 for share in findings.get(
            f"evidence-{claim}-by-way", {"value": []})["value"]}) > 1
    ]
    assert findings["evidence-flips"]["value"] == (" and ".join(flips) or "none")
    for way in ("zero", "mean", "resample"):
        one = findings[f"evidence-{way}-one"]["value"]
        members = findings[f"evidence-{way}-members"]["value"]
        assert abs(one - np.mean(members)) < 1e-6, f"{way}: {one}, members {members}"


def curves(case, findings):
    """The numbers at the transition and at convergence are points of the specimen's curves."""
    tensors = load_file(case / "findings.safetensors")
    steps = tensors["evidence-specimen-steps"]
    for name in ("transition", "convergence"):
        place = list(steps).index(findings[f"evidence-{name}-step"]["value"])
        for curve in ("loss", "accuracy", "sufficiency", "interchange"):
            value = tensors[f"evidence-specimen-{curve}"][place]
            assert np.isclose(findings[f"evidence-{name}-{curve}"]["value"], value, atol=1e-6), curve
    accuracy = tensors["evidence-specimen-accuracy"]
    half = (accuracy[0] + accuracy[-1]) / 2
    first = next(i for i, value in enumerate(accuracy) if value >= half - 1e-7)
    assert steps[first] == findings["evidence-transition-step"]["value"]


def calibration(folder):
    """No test called more than one in twenty of what is plainly false held, at the upper end."""
    found = read_json(folder / "findings.json")
    schema().validate(found)
    findings = found["findings"]
    tests = [name[: -len("-claim")] for name in findings if name.endswith("-claim")]
    assert len(tests) == 5
    for test in tests:
        for kind in ("untrained", "false"):
            share = findings[f"{test}-{kind}"]
            assert share["n"] == 200
            upper = wilson(round(share["value"] * share["n"]), share["n"])[1]
            assert upper <= 0.05, f"{test} called {share['value']:.0%} of {kind} claims held"
        assert findings[f"{test}-known"]["value"] >= 0.9, f"{test} misses what is there"
