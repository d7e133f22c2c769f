"""The tests that all cases share, once more for XOR, from the published weights alone."""

import numpy as np

from check_xor_trials import kept_only, located, same
from xor_networks import ANSWERS, CORNERS


def checks(case):
    for check in (suffices, is_needed, variables_move, program_agrees, must_break):
        yield f"standard test: {check.__name__}", check, case


def judged(case, name, effects, threshold, present):
    """Controls are drawn at random, so that of the count only its bounds are known."""
    prediction = case.predictions[name]
    assert prediction["threshold"] == threshold
    assert prediction["passed"] <= ((effects >= threshold - 1e-6) & present).sum()
    assert abs(prediction["effect"] - effects[present].mean()) < 1e-6, effects[present].mean()


def mean_ablated(networks, kept):
    """Every unit that is not kept at its mean over the corners."""
    mean = networks.hidden.mean(axis=1, keepdims=True)
    kept = kept[:, None]
    return networks.accuracy(hidden=kept * networks.hidden + (1 - kept) * mean)


def suffices(case):
    networks, units, present = located(case)
    judged(
        case, "component-suffices", mean_ablated(networks, kept_only(networks, units)), 0.95, present)


def is_needed(case):
    networks, units, present = located(case)
    left = mean_ablated(networks, 1 - kept_only(networks, units))
    judged(case, "component-is-needed", 1 - left / networks.accuracy(), 0.25, present)


def program(networks, units):
    """Which corners the pair detects, and the answer where one of them is at least half as sure as it can be."""
    corners = np.take_along_axis(networks.corners(), units, axis=1)
    return CORNERS[corners], ANSWERS[corners[:, 0]]


def said(detected, answer):
    return np.where(detected.sum(axis=1) > 0.5, 1, -1) * answer[:, None]


def detect(own, points):
    return np.maximum(np.einsum("nki,pi->nkp", own, points) / 2, 0)


def variables_move(case):
    networks, units, present = located(case)
    own, answer = program(networks, units)
    detected = detect(own, CORNERS)
    shares = []
    for place in range(2):
        right, pairs = np.zeros(networks.count), np.zeros(networks.count)
        for base in range(4):
            for source in range(4):
                swapped = detected[:, :, [base]].copy()
                swapped[:, place] = detected[:, place, [source]]
                expected = said(swapped, answer)[:, 0]
                changes = expected != said(detected[:, :, [base]], answer)[:, 0]
                hidden = networks.hidden[:, base].copy()
                at = units[:, [place]]
                np.put_along_axis(
                    hidden, at, np.take_along_axis(networks.hidden[:, source], at, axis=1), axis=1)
                output = np.einsum("ni,nio->n", hidden, networks.w2) + networks.b2[:, 0]
                right += changes & (output * expected > 0)
                pairs += changes
        shares.append(right / pairs)
    judged(case, "variables-move", np.min(shares, axis=0), 0.9, present)


def program_agrees(case):
    networks, units, present = located(case)
    own, answer = program(networks, units)
    agrees = networks.outputs() * said(detect(own, CORNERS), answer) > 0
    judged(case, "program-agrees", agrees.mean(axis=1), 0.99, present)


def must_break(case):
    """On points of our own: the program says which are answered wrongly, and the networks obey."""
    networks, units, present = located(case)
    assert present.all()
    points = np.random.default_rng(0).uniform(-1, 1, (2_000, 2))
    sums = np.abs(np.stack([points.sum(axis=1), points[:, 0] - points[:, 1]]))
    points = points[(np.abs(sums - 1) > 0.1).all(axis=0)]
    own, answer = program(networks, units)
    foretold = said(detect(own, points), answer)
    hidden = np.maximum(points @ networks.w1 + networks.b1[:, None], 0)
    given = np.sign(networks.outputs(hidden=hidden))
    assert (given == foretold).mean() > 0.99
    truth = np.where(points[:, 0] * points[:, 1] < 0, 1, -1)
    wrong = foretold != truth
    assert 0.1 < wrong.mean() < 0.5
    assert (given != truth)[wrong].mean() > 0.99
    assert case.findings["evidence-beyond-inside-must-break"]["value"] > 0.99
    same(case.predictions["program-foretells-failure"]["verdict"], "held")
