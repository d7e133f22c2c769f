"""Writes the report: time and memory by size, and where the making of the gallery spends its time.

    report.py PRODUCTS CASE ... [--busy]

PRODUCTS is the folder of the compiled programs. What an interrupted report has measured is not measured again.
"""

import argparse
import shutil
from pathlib import Path

import machine
import scaling
import stages
from journal import Journal
from markdown import replace_section

HERE = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("products", type=Path)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--busy", action="store_true", help="measure even if the machine is busy")
    options = parser.parse_args()
    load = machine.require_idle(options.busy)
    scratch = Path(".build/benchmarks")
    programs = [options.products / name for name in ["bench", "calibrate", *stages.STAGES]]
    journal = Journal(scratch / "journal.json", programs)
    if not journal.known:
        shutil.rmtree(scratch / "artifacts", ignore_errors=True)
    where = f"{machine.description()}; {machine.swift()}; {load}"
    made = stages.report(journal, options.products, options.cases, scratch / "artifacts")
    replace_section(HERE / "report.md", "stages", f"{made}\n\n{where}.")
    sizes = scaling.report(journal, options.products / "bench", HERE)
    replace_section(HERE / "report.md", "scaling", f"{where}.\n\n{sizes}")
    journal.close()


if __name__ == "__main__":
    main()
