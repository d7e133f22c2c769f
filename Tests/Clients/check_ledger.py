"""The arithmetic of every verdict, by whole numbers and fractions, from `passed` and `n` alone."""

import math
from fractions import Fraction
from statistics import NormalDist

from reading import read_json


def checks(case):
    predictions = read_json(case / "findings.json")["predictions"]
    if predictions:
        yield "p-values and verdicts", verdicts_follow, predictions
    for prediction in predictions:
        yield f"prediction {prediction['name']}", adds_up, prediction


def tail(n, wanted, share):
    """P(X in wanted) for X ~ Binomial(n, share), exactly."""
    return sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in wanted)


def holm(values):
    order = sorted(range(len(values)), key=lambda index: values[index])
    corrected, largest = [None] * len(values), Fraction(0)
    for rank, index in enumerate(order):
        largest = max(largest, min(Fraction(1), values[index] * (len(values) - rank)))
        corrected[index] = largest
    return corrected


def close(name, value, expected, tolerance=1e-9):
    expected = Fraction(expected)
    error = abs(Fraction(value) - expected) / max(expected, Fraction(1, 10**300))
    assert error <= tolerance, f"{name} is {value}, and should be {float(expected)}"


def verdicts_follow(predictions):
    def shares(part):
        return holm([
            tail(each["n"], part(each["passed"], each["n"]), Fraction(str(each["claimedShare"])))
            for each in predictions
        ])

    held = shares(lambda passed, n: range(passed, n + 1))
    failed = shares(lambda passed, n: range(0, passed + 1))
    for prediction, p, reverse in zip(predictions, held, failed):
        name = prediction["name"]
        close(f"{name}: p", prediction["p"], p)
        close(f"{name}: reverseP", prediction["reverseP"], reverse)
        verdict = "held" if p <= 0.05 else "failed" if reverse <= 0.05 else "inconclusive"
        assert prediction["verdict"] == verdict, f"{name} {prediction['verdict']}, not {verdict}"


def wilson(passed, n):
    z = NormalDist().inv_cdf(0.975)
    share, scale = passed / n, 1 + z * z / n
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0, (centre - spread) / scale), min(1, (centre + spread) / scale)


def adds_up(prediction):
    passed, absent, n = (prediction[key] for key in ("passed", "absent", "n"))
    assert 0 <= passed and passed + absent <= n, f"{passed} passed, {absent} absent of {n}"
    assert prediction["share"] == passed / n, f"{prediction['share']} is not {passed} / {n}"
    lower, upper = wilson(passed, n)
    interval = prediction["interval"]
    assert abs(interval["lower"] - lower) < 1e-12, f"{interval}, and should be from {lower}"
    assert abs(interval["upper"] - upper) < 1e-12, f"{interval}, and should be up to {upper}"
    first, last = map(int, prediction["seeds"].removeprefix("trial ").split("-"))
    assert last - first + 1 == n, f"{prediction['seeds']}, but n is {n}"
    assert prediction["rival"].strip(), "no rival"
    if prediction["intervention"] is None:
        assert prediction["grade"] == "correlational only", prediction["grade"]
    else:
        assert prediction["grade"].startswith("causal"), prediction["grade"]
    effect, interval = prediction["effect"], prediction["effectInterval"]
    if interval:
        assert interval["lower"] <= effect <= interval["upper"], f"{effect} is not in {interval}"
