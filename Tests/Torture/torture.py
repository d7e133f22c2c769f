#!/usr/bin/env python3
"""Interrupts the making of a gallery in every way, and expects that the next make ends as if nothing had been.

    torture.py PACKAGE HOME [--kills 200] [--seed 8]

The gallery is one tiny case, made by the real Makefile and the real stages. After each trouble `make` runs once more,
and then every file has the bytes of an undisturbed gallery and no other file is there.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import kills
import troubles
from miniature import Miniature


class Report:
    """Counts what was tried, and tells what was not well at once."""

    def __init__(self):
        self.count, self.faults = 0, 0

    def __call__(self, what, complaint):
        self.count += 1
        if complaint:
            self.faults += 1
            print(f"FAILED: {what}: {complaint}", flush=True)


def with_own_mounts():
    """Begins again where mounts are this process's own and end with it, if this user may have such a place."""
    if "TORTURE_MAY_MOUNT" in os.environ or not shutil.which("unshare"):
        return
    ways = [["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]]
    for way in ways if os.geteuid() == 0 else ways[1:]:
        probe = [*way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        if subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0:
            os.environ["TORTURE_MAY_MOUNT"] = "yes"
            os.execvp(way[0], [*way, sys.executable, *sys.argv])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=lambda text: Path(text).resolve())
    parser.add_argument("home", type=lambda text: Path(text).resolve())
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=8)
    options = parser.parse_args()
    with_own_mounts()
    options.home.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    miniature = Miniature(options.package, options.home)
    print(f"The miniature is compiled in {time.monotonic() - start - miniature.seconds:.0f} s"
          f" and made from nothing in {miniature.seconds:.1f} s.", flush=True)
    report = Report()
    at_renames, renames = kills.at_renames(miniature, options.kills // 2 if options.kills < 200 else 10**9, report)
    at_random = kills.at_random(
        miniature, max(options.kills - at_renames, options.kills // 2), report, random.Random(options.seed))
    print(f"{at_renames + at_random} kills: {at_renames} at the {renames} renames, {at_random} at random moments.",
          flush=True)
    troubles.all_troubles(miniature, report, rounds=10 if options.kills >= 200 else 2)
    print(f"{report.count} troubles, {report.faults} that one make did not mend ({time.monotonic() - start:.0f} s).")
    sys.exit(report.faults > 0)


if __name__ == "__main__":
    main()
