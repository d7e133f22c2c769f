"""Runs the network of every page in a real browser and compares it with NumPy's.

    check_live.py ARTIFACTS [NETWORKS]

NETWORKS is a gallery of networks without pages that together have every operation.
"""

import base64
import hashlib
import json
import sys
from html import escape
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

import browser
from check_networks import compare, recorded_inputs
from counting import Checks
from live_page import Page, values
from reading import cases_in, population, read_json

FURTHER = 10_000
BATCH = 200


def checks(case):
    page = Page(case)
    yield "the policy lets its one script run", policy_is_strict, page
    yield "holds network and checkpoints", holds_the_specimen, page, case
    yield "is small enough", is_small, page
    yield "runs as it lies there", runs_as_it_is, case
    yield "shows a still without JavaScript", shows_a_still, page
    recorded = load_file(case / "activations.safetensors")
    yield "agrees with what was recorded", agrees_with_recorded, page.html, page.network, recorded
    yield f"agrees on {FURTHER} further inputs", agrees_further, page
    yield "answers to a reader's hand", answers_to_a_hand, page
    yield "answers to the keyboard", answers_to_keys, page
    yield "shows hostile names as text", shows_hostile_names, page
    yield "shows unknown kinds as tables", shows_unknown_kinds, page


def policy_is_strict(page):
    (policy,) = browser.POLICY.findall(page.html)
    scripts = browser.SCRIPT.findall(page.html)
    assert len(scripts) == 1 and page.html.count("<script") == 2, "other scripts than one"
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'", rules
    assert rules["script-src"] == f"'sha256-{digest}'", rules["script-src"]


def holds_the_specimen(page, case):
    assert page.network == read_json(case / "main/network.json"), "network.json differs"
    paths = {int(path.stem): path for path in (case / "main/checkpoints").glob("*.safetensors")}
    steps = [each["step"] for each in page.data["checkpoints"]]
    assert steps == sorted(steps) and {min(paths), max(paths)} <= set(steps), steps
    assert len(steps) >= min(8, len(paths)), f"{len(steps)} of {len(paths)} checkpoints"
    for index, step in enumerate(steps):
        stored = load_file(paths[step])
        for name, weights in page.weights(index).items():
            assert (weights == stored[name]).all(), f"{name} differs at step {step}"


def is_small(page):
    assert len(page.html.encode()) < 1_500_000, f"{len(page.html.encode())} bytes"


def runs_as_it_is(case):
    document = browser.dom(case / "index.html")
    assert 'data-state="running"' in document, "the network does not run under the page's policy"


def shows_a_still(page):
    """In a frame that lets no script run, where what stands in `noscript` are elements."""
    frame = f'<iframe sandbox="allow-same-origin" srcdoc="{escape(page.html)}"></iframe>'
    found = browser.driven(f"<!DOCTYPE html><body>{frame}</body>", {"actions": [
        ["inside", "noscript img"], ["inside", "noscript p"], ["inside", "[data-state]"]]})["found"]
    assert found == [1, 1, 0], found


def agrees_with_recorded(html, network, recorded):
    inputs = recorded_inputs(network, recorded)
    sites = [site["name"] for site in network["sites"] if site["name"] in recorded]
    found = in_browser(html, network, inputs, sites)
    assert sites, "no site was recorded"
    for name in sites:
        compare(name, found[name].reshape(recorded[name].shape), recorded[name])


def agrees_further(page):
    inputs = page.drawn(FURTHER, np.random.default_rng(7))
    agrees_with_numpy(page.html, page.network, page.weights(-1), inputs, [page.output])


def agrees_with_numpy(html, network, weights, inputs, sites):
    examples = len(next(iter(inputs.values())))
    found = in_browser(html, network, inputs, sites)
    batches = [
        values(network, {**weights, **{key: x[at : at + BATCH] for key, x in inputs.items()}},
               min(BATCH, examples - at))
        for at in range(0, examples, BATCH)]
    for name in sites:
        expected = np.concatenate([batch[name] for batch in batches])
        compare(name, found[name].reshape(expected.shape), expected)


def in_browser(html, network, inputs, sites):
    examples = len(next(iter(inputs.values())))
    found = browser.driven(html, {
        "inputs": {name: browser.packed(x) for name, x in inputs.items()}, "examples": examples,
        "sites": sites, "batch": BATCH})
    return {name: browser.unpacked(text) for name, text in found.items()}


def answers_to_a_hand(page):
    """Each act of a reader has on the output the effect that NumPy computes for it."""
    output, first, other = f"site {page.output}", page.first_site, page.inputs[1]
    last = len(page.data["checkpoints"]) - 1
    patched = page.run(last, other)[first]
    zeros = {first: np.zeros_like(patched)}
    weight = page.network["parameters"][0]["name"]
    read, slider = ["read", output], "#live-step"
    acts = [
        ([], page.run(last)),
        ([["slide", slider, "0"]], page.run(0)),
        ([["slide", slider, str(last)], ["all", f"site {first}"]], page.run(last, edits=zeros)),
        ([["undo"]], page.run(last)),
        ([["click", "[value=patch]"], ["all", f"site {first}"]],
         page.run(last, edits={first: patched})),
        ([["undo"], ["click", "[value=zero]"], ["all", f"weight {weight}"]],
         page.run(last, without=weight)),
        ([["undo"], *page.acts_of_change()], page.run(last, page.changed_input())),
        ([["click", ".live-deck fieldset .live-row > button"]],
         page.run(last, page.inputs[2])),
        *page.acts_of_swapping(page.inputs[2]), *page.acts_of_dragging(page.inputs[2]),
    ]
    actions = [action for steps, _ in acts for action in [*steps, read]]
    found = browser.driven(page.html, {"actions": actions})["found"]
    shown = [each for action, each in zip(actions, found) if action == read]
    for (steps, values), texts in zip(acts, shown, strict=True):
        page.expect(texts, values[page.output], f"after {steps}")


def answers_to_keys(page):
    first = f"site {page.first_site}"
    keys = [["focus", first], ["key", "End"], ["key", "Home"], ["focused"]]
    press = [["key", "Enter"], ["marked", first], ["key", "Enter"], ["marked", first]]
    is_table = len(page.site(page.first_site)["shape"]) > 1
    found = browser.driven(page.html, {"actions": keys + (press if is_table else [])})["found"]
    assert found[3], "nothing has the focus"
    if is_table:  # in a toolbar the cells are buttons, which the browser itself clicks
        assert found[5] > 0 and found[7] == 0, found


def shows_hostile_names(page):
    hostile = '</script><img src="x" onerror="document.body.dataset.broken=1">{{x}}\u202e'
    text = json.dumps(page.data)
    for each in [*page.network["sites"], *page.network["parameters"], *page.network["inputs"]]:
        name = json.dumps(each["name"])
        text = text.replace(f'"name": {name}', '"name": ' + json.dumps(each["name"] + hostile))
    data = json.loads(text)
    data["network"]["output"] += hostile
    found = browser.driven(browser.page_of(page.script, data), {"actions": [
        ["count", "[data-state=running]"], ["count", "img"], ["text", "summary code"],
        ["count", "[data-broken]"]]})["found"]
    first = page.network["sites"][0]["name"]
    assert found == [1, 0, first + hostile, 0], found


def shows_unknown_kinds(page):
    data = json.loads(json.dumps(page.data))
    for each in data["network"]["inputs"]:
        each["kind"] = "colours"
    for each in data["network"]["sites"]:
        each["shown"] = "sculpture"
    fields = sum(int(np.prod(each["shape"])) for each in data["network"]["inputs"])
    found = browser.driven(browser.page_of(page.script, data), {"actions": [
        ["count", "[data-state=running]"], ["count", ".live-deck fieldset:first-child input"],
        ["read", f"site {page.output}"]]})["found"]
    assert found[:2] == [1, fields], found
    page.expect(found[2], page.run(-1)[page.output], "with unknown kinds")


def without_page(case, script):
    """A network that no page shows, on the inputs that were recorded."""
    network = read_json(case / "main/network.json")
    recorded = load_file(case / "activations.safetensors")
    inputs = recorded_inputs(network, recorded)
    weights = {
        name: x[0] for name, x in list(population(case / "main").values())[-1].items()}
    stack = np.concatenate([weights[each["name"]].ravel() for each in network["parameters"]])
    data = {
        "network": network, "checkpoints": [{"step": 0, "weights": browser.packed(stack)}],
        "examples": [
            [inputs[each["name"]][row].ravel().tolist() for each in network["inputs"]]
            for row in range(2)]}
    html = browser.page_of(script, data)
    # Among them is a sum of everything, in which 32 bits are too few for a comparison.
    sites = [site["name"] for site in network["sites"]]
    yield "agrees with NumPy", agrees_with_numpy, html, network, weights, inputs, sites
    yield "is shown", is_shown, html


def is_shown(html):
    found = browser.driven(html, {"actions": [["count", "[data-state=running]"]]})["found"]
    assert found == [1], "the page does not run"


def main():
    counts = Checks()
    cases = cases_in(Path(sys.argv[1]))
    for case in cases:
        counts.over(f"{case.name} live", checks, case)
    for path in sys.argv[2:]:
        for case in cases_in(Path(path)):
            counts.over(f"{case.name} live", without_page, case, Page(cases[0]).script)
    print(f"Chromium ran the pages of {len(cases)} cases")
    print(f"{counts.passed} passed, {counts.failed} failed")
    return 1 if counts.failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
