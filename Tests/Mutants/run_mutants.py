"""Changes one thing at a time in what is computed with, and sees to it that a test fails.

    run_mutants.py [WORD]

The mutants are listed in the text files beside this program. All are compiled at once, each behind a condition on the
variable MUTANT, and every run of the tests of its target switches one on; that of none must pass. WORD chooses the
mutants that have it in their file or description.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / ".build/mutants"
TARGETS = ["Tensors", "Findings", "Networks"]
FLAGS = ["-c", "release", "-Xcc", "-march=native", "-Xswiftc", "-enable-testing"]
SECONDS = 300
SWITCH = """import Glibc

/// The number of the mutant that is switched on, or 0.
@usableFromInline let mutant = getenv("MUTANT").flatMap { Int(String(cString: $0)) } ?? 0
"""


class Mutant:
    def __init__(self, number, file, line):
        self.number, self.file = number, file
        self.what, text = line.split(": ", 1)
        found = re.fullmatch(r"(.*)⟦(.*)⇒(.*)⟧(.*)", text)
        assert found, f"no mutant: {line}"
        self.before, self.right, self.wrong, self.after = found.groups()

    def place(self, source):
        """Where the right text stands."""
        parts = [re.escape(part).replace(re.escape(" [...] "), r"[^}]*?") for part in
                 (self.before, self.right, self.after)]
        found = list(re.finditer("(?=({})({}){})".format(*parts), source))
        assert len(found) == 1, f"{self.file}: {len(found)} times, not once: {self}"
        return found[0].span(2)

    @property
    def target(self):
        return self.file.split("/")[0]

    def __str__(self):
        return f"{self.number} {self.file}: {self.what}: {self.right} => {self.wrong}"


def listed():
    mutants, file = [], None
    for path in sorted(HERE.glob("*.txt")):
        for line in path.read_text().splitlines():
            if line.startswith("== "):
                file = line[3:].strip()
            elif line.strip() and not line.startswith("#"):
                mutants.append(Mutant(len(mutants) + 1, file, line))
    return mutants


def arguments(text):
    """The parts of a text between the commas that no bracket holds."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def mutated(source, mutants):
    """A source with every mutant in it behind its condition."""
    places = sorted((*mutant.place(source), mutant) for mutant in mutants)
    for (_, end, first), (begin, _, second) in zip(places, places[1:]):
        assert end <= begin, f"two mutants at one place: {first} and {second}"
    for begin, end, mutant in reversed(places):
        # Arguments are chosen one by one.
        pairs = zip(arguments(mutant.wrong), arguments(mutant.right), strict=True)
        choice = ", ".join(f"(mutant == {mutant.number} ? {wrong} : {right})" for wrong, right in pairs)
        source = source[:begin] + choice + source[end:]
    return source


def write(path, text):
    """Writes what has changed, and nothing else, so that it alone is compiled again."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def prepare(mutants):
    files = {"Package.swift": (HERE / "Package.swift").read_text()}
    for path in ROOT.glob("Sources/CVectors/*"):
        files[str(path.relative_to(ROOT))] = path.read_text()
    for target in TARGETS:
        for path in sorted([*ROOT.glob(f"Sources/{target}/**/*.swift"), *ROOT.glob(f"Tests/{target}Tests/**/*.swift")]):
            files[str(path.relative_to(ROOT))] = path.read_text()
        files[f"Sources/{target}/Mutant.swift"] = SWITCH
    for file in {mutant.file for mutant in mutants}:
        own = [mutant for mutant in mutants if mutant.file == file]
        files[f"Sources/{file}"] = mutated(files[f"Sources/{file}"], own)
    for folder in ("Sources", "Tests"):
        for path in (BUILD / folder).glob("**/*.swift"):
            if str(path.relative_to(BUILD)) not in files:
                path.unlink()
    for file, text in files.items():
        write(BUILD / file, text)


def passes(target, number=0):
    """Whether the tests of a target pass with a mutant; one that takes too long does not."""
    tests = BUILD / ".build/release/casebook-corePackageTests.xctest"
    command = [tests, "--testing-library", "swift-testing", "--filter", f"^{target}Tests\\."]
    environment = os.environ | {"MUTANT": str(number), "SWIFT_BACKTRACE": "enable=no"}
    try:
        run = subprocess.run(
            command, env=environment, timeout=SECONDS, cwd=BUILD, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return False
    assert number or " 0 tests" not in run.stdout, f"no tests of {target}: {run.stdout}"
    if number == 0 and run.returncode:
        print(run.stdout[-3000:])
    return run.returncode == 0


def main():
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    mutants = listed()
    prepare(mutants)
    # A build that is cancelled says so, and succeeds.
    built = subprocess.run(
        ["swift", "build", "--build-tests", *FLAGS], cwd=BUILD, text=True, stdout=subprocess.PIPE).stdout
    assert "Build complete" in built, built
    for target in TARGETS:
        assert passes(target), f"the tests of {target} fail without a mutant"
    chosen = [mutant for mutant in mutants if word in str(mutant)]
    start = time.monotonic()
    survivors = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutant, alive in zip(chosen, pool.map(lambda m: passes(m.target, m.number), chosen)):
            if alive:
                survivors += 1
                print(f"survived: {mutant}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants killed in {time.monotonic() - start:.0f} s")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
