"""A gallery of one tiny case with the real Makefile and the real stages, to be tortured."""

import filecmp
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

STAGES = ["train", "record", "analyze", "render", "assemble"]
CASE = "majority"


def run(command, place, environment=None, **options):
    """Runs a command to its end; its output and errors are texts."""
    return subprocess.run(
        command, cwd=place, env=environment, text=True, errors="replace", stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def must(command, place, environment=None):
    done = run(command, place, environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def synchronize(fresh, place):
    """Makes a folder like another, and leaves alone what is alike, so that a compiler need not look at it."""
    wanted = {path.relative_to(fresh) for path in fresh.rglob("*")}
    for path in sorted(place.rglob("*"), reverse=True) if place.exists() else []:
        name = path.relative_to(place)
        if name.parts[0] != ".build" and name not in wanted:
            path.rmdir() if path.is_dir() else path.unlink()
    for name in sorted(wanted):
        if (fresh / name).is_dir():
            (place / name).mkdir(parents=True, exist_ok=True)
        elif not (place / name).exists() or not filecmp.cmp(fresh / name, place / name, shallow=False):
            shutil.copy2(fresh / name, place / name)


def edit(path, old, new):
    """Replaces a text in a file, which must be there."""
    text = path.read_text()
    if old not in text:
        raise SystemExit(f"{path.name} has no '{old}' any more; see to it in {Path(__file__).name}.")
    path.write_text(text.replace(old, new))


def compile_package(package, home):
    """The package with the case of `make new` alone, compiled."""
    fresh, place = home / "fresh", home / "package"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "Sources").mkdir(parents=True)
    for name in ["Makefile", "Package.swift", ".toolchain"]:
        shutil.copy2(package / name, fresh / name)
    for path in (package / "Sources").iterdir():
        if path.name != "CaseStudies":
            shutil.copytree(path, fresh / "Sources" / path.name)
    shutil.copytree(package / "Sources/CaseStudies/.new", fresh / "Sources/CaseStudies/.new")
    # Without the tests; with few networks, and few trials of what needs no case, which so few may well fail.
    edit(fresh / "Package.swift", " + lists + tests", " + lists")
    edit(fresh / "Sources/Calibration/Calibration.swift", "trialCount = 200", "trialCount = 10")
    edit(fresh / "Sources/Calibration/Calibration.swift", "limit = 0.05", "limit = 1.0")
    edit(fresh / "Sources/CaseStudies/.new/Task.swift", "seedCount: 200", "seedCount: 60")
    must(["make", "new", f"CASE={CASE}"], fresh)
    must(["make", "lists"], fresh)
    place.mkdir(exist_ok=True)
    synchronize(fresh, place)
    shutil.rmtree(fresh)
    if subprocess.run(["make", "build"], cwd=place, stdout=subprocess.DEVNULL).returncode:
        raise SystemExit("The miniature could not be compiled.")
    return place


class Miniature:
    """A folder with Makefile, sources and compiled stages, whose gallery is made and broken."""

    def __init__(self, package, home):
        self.home, self.place = home, home / "gallery"
        self.package = compile_package(package, home)
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.package, self.place, ignore=lambda _, names: {".build"} & set(names))
        (self.place / ".build").symlink_to(self.package / ".build")
        self.artifacts = self.place / "artifacts"
        tools = home / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "swift").write_text("#!/bin/sh\n# All is compiled.\n")
        (tools / "swift").chmod(0o755)
        self.preload = tools / "preload.so"
        compiler = shutil.which("clang") or "cc"
        must([compiler, "-shared", "-fPIC", "-o", self.preload,
              package / "Tests/Torture/preload.c", "-ldl"], package)
        self.environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": os.environ.get("HOME", "/")}
        self.seconds = self._undisturbed()

    def _undisturbed(self):
        """Makes the gallery from nothing, and remembers it."""
        self.clear()
        start = time.monotonic()
        must(["make", "-j2"], self.place, self.environment)
        seconds = time.monotonic() - start
        self.whole = self.home / "whole"
        shutil.rmtree(self.whole, ignore_errors=True)
        shutil.copytree(self.artifacts, self.whole)
        self.expected = self.contents()
        return seconds

    def contents(self):
        """Every path here with its bytes; folders and links count too."""
        found = {}
        for folder, folders, files in os.walk(self.place):
            if folder == str(self.place):
                folders.remove(".build") if ".build" in folders else None
            for name in folders + files:
                path = Path(folder, name)
                key = str(path.relative_to(self.place))
                if path.is_symlink():
                    found[key] = os.readlink(path)
                else:
                    found[key] = None if path.is_dir() else path.read_bytes()
        found.pop(".build", None)
        return found

    # The states that a gallery is in before something happens to it.

    def clear(self):
        """Nothing; what the gallery lies on may be a disk of its own."""
        self.artifacts.mkdir(exist_ok=True)
        for path in self.artifacts.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def restore(self):
        """All made."""
        self.clear()
        shutil.copytree(self.whole, self.artifacts, dirs_exist_ok=True)

    def age(self, stages=STAGES):
        """All made, by some stages of other sources: other bytes, and a variant, a checkpoint and a figure no more."""
        self.restore()
        case = self.artifacts / CASE
        figures = sorted((case / "figures").iterdir())
        outputs = {"train": case / "main/population.safetensors", "record": case / "activations.safetensors",
                   "analyze": case / "findings.json", "render": figures[0], "assemble": case / "index.html"}
        for stage in stages:
            outputs[stage].write_bytes(outputs[stage].read_bytes()[:-7])
        checkpoint = case / "main/checkpoints/000000.safetensors"
        if "train" in stages:
            shutil.copytree(case / "shuffled-labels", case / "once-tried")
            shutil.copytree(case / "main/checkpoints", case / "once-tried/checkpoints")
            shutil.copy(checkpoint, case / "main/checkpoints/000003.safetensors")
        if "render" in stages:
            shutil.copy(figures[1], case / "figures/once-drawn.png")
        for key in (self.artifacts / ".keys").rglob("*"):
            if key.name in stages and key.is_file():
                key.write_text(key.read_text().replace("Tensor.swift=", "Tensor.swift=0"))

    # What happens to it.

    def make(self, *words, **options):
        return run(["make", "-j2", *words], self.place, {**self.environment, **options.pop("more", {})}, **options)

    def start(self, command, more=None):
        """Starts a command in a group of its own, with all that it starts."""
        log = open(self.home / "log", "w+")
        return subprocess.Popen(command, cwd=self.place, env={**self.environment, **(more or {})}, stdout=log,
                                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

    def wait_for_group(self, group):
        """Waits until nothing that a command started lives; a stage may outlive the make that started it."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.002)
        os.killpg(group, signal.SIGKILL)
        raise SystemExit("Something that make had started was still there after a minute.")

    def complaint_after(self, heal=True, group=None):
        """What is wrong when make has run once more: nothing, or some words."""
        done = self.make() if heal else None
        if done and done.returncode:
            return f"make after it ended with {done.returncode}: {done.stderr.strip()}"
        if group:
            self.wait_for_group(group)
        found = self.contents()
        wrong = sorted(name for name in found.keys() | self.expected.keys()
                       if name not in found or name not in self.expected or found[name] != self.expected[name])
        if wrong:
            kinds = [("stray" if n not in self.expected else "missing" if n not in found else "other bytes")
                     for n in wrong]
            return ", ".join(f"{name}: {kind}" for name, kind in list(zip(wrong, kinds))[:5])
        if self.make("-q").returncode:
            return "make -q says that the gallery is not current"
        return None
