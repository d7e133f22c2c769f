"""Time and memory of `bench` against the size of what it does."""

import json
import subprocess
from dataclasses import dataclass
from itertools import takewhile

import machine
from markdown import rounded, table

# Seconds that a run may be expected to take; larger sizes of what grows beyond are left out.
LONGEST = 25


@dataclass(frozen=True)
class Series:
    """A workload in growing sizes of one thing."""

    workload: str
    option: str
    label: str
    sizes: tuple
    options: tuple = ()
    # What counts of a size, where it is not the size itself: subsets of so many units.
    power: bool = False

    @property
    def name(self):
        return f"{self.workload}-{self.option}"

    def value(self, size):
        return 2**size if self.power else size


POPULATION = (1, 10, 100, 1000, 10000)
FEW = ("--networks", "16")
SERIES = [
    *(Series(workload, "networks", "networks", POPULATION) for workload in ["xor", "parity", "reverse", "shell"]),
    Series("parity", "width", "hidden units", (4, 16, 64, 256, 1024), FEW),
    Series("parity", "inputs", "inputs", (4, 7, 10, 13, 16), FEW),
    Series("subsets", "units", "subsets", (4, 7, 10, 13, 16), power=True),
    Series("subsets", "inputs", "inputs to each subset", (4, 6, 8, 10, 12), power=True),
]


def measured(journal, bench, series):
    """Of each size, the lines of `bench` on one thread and on all cores."""
    found = {}

    def fits(size):
        if not found:
            return True
        before = max(found)
        growth = series.value(size) / series.value(before)
        return found[before][1]["seconds"] * growth < LONGEST

    for size in takewhile(fits, series.sizes):
        found[size] = {}
        for threads in machine.thread_counts():
            slow = found[size].get(1, {"seconds": 0})["seconds"] > 1
            command = [str(bench), series.workload, f"--{series.option}", str(size), *series.options,
                       "--threads", str(threads), "--runs", "1" if slow or size >= 10000 else "3"]
            found[size][threads] = journal(" ".join(command[1:]), lambda: json.loads(
                subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return found


def rows(series, found):
    """Of each size: seconds on one thread and on all cores, the speed-up, and the most memory held."""
    last = machine.thread_counts()[-1]
    return [
        [f"{series.value(size):,}", *(
            rounded(lines[threads]["seconds"], 3) for threads in machine.thread_counts()),
         f"{rounded(lines[1]['seconds'] / lines[last]['seconds'])}×", f"{lines[last]['peakMiB']:.0f}"]
        for size, lines in found.items()
    ]


def draw(series, found, path):
    """Time and memory, both axes logarithmic, as an SVG of the same bytes for the same numbers."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": series.name, "font.size": 9})
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 2, figsize=(7, 2.6), layout="constrained")
    sizes = [series.value(size) for size in found]
    for threads, mark in zip(machine.thread_counts(), "os"):
        label = f"{threads} thread{'s' * (threads > 1)}"
        for panel, key in zip(panels, ["seconds", "peakMiB"]):
            panel.plot(sizes, [lines[threads][key] for lines in found.values()], marker=mark, ms=3.5, lw=1.2, label=label)
    for panel, title in zip(panels, ["seconds", "peak memory, MiB"]):
        panel.set(xscale="log", yscale="log", title=title, xlabel=series.label)
        panel.grid(alpha=0.3)
        panel.spines[["top", "right"]].set_visible(False)
    panels[1].set_ylim(bottom=1)
    panels[0].legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def report(journal, bench, place):
    """The table of all sizes, and the pictures beside it."""
    parts = []
    header = [*(f"{threads} thread{'s' * (threads > 1)}, s" for threads in machine.thread_counts()), "speed-up", "MiB"]
    for series in SERIES:
        found = measured(journal, bench, series)
        path = place / f"{series.name}.svg"
        draw(series, found, path)
        head = f"{series.workload}: {series.label}"
        parts.append(f"![{head}]({path.name})\n\n{table([head, *header], rows(series, found))}")
    return "\n\n".join(parts)
