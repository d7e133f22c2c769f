"""Where `make regenerate` spends its time: every stage of every case, in a scratch folder."""

import os
import subprocess
import time

from markdown import rounded, table

STAGES = ["train", "record", "analyze", "render", "assemble"]
LIMIT = 1024


def run(command):
    """Seconds, seconds of all cores together, and the peak of memory in MiB of a program."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = process.stderr.read().decode(errors="replace").strip()
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} has ended with {process.returncode}: {complaint}")
    return {
        "seconds": time.perf_counter() - start, "processor": used.ru_utime + used.ru_stime,
        "peakMiB": used.ru_maxrss / 1024,
    }


def report(journal, products, cases, scratch):
    """A row a case: seconds of each stage, and the most memory that one of them held."""
    rows, everything, stages = [], [], {stage: 0.0 for stage in STAGES}
    for case in cases:
        found = {
            stage: journal(f"{stage} {case}", lambda: run([products / stage, case, "--artifacts", scratch]))
            for stage in STAGES
        }
        everything += found.values()
        for stage in STAGES:
            stages[stage] += found[stage]["seconds"]
        rows.append([case, *(rounded(found[stage]["seconds"]) for stage in STAGES), *total(found.values())])
    ends = [journal(f"{stage} {case}", lambda: run([products / stage, case, "--artifacts", scratch]))
            for stage, case in [("calibrate", "calibration"), ("assemble", "calibration"), ("assemble", "gallery")]]
    rows.append(["all cases", *(rounded(stages[stage]) for stage in STAGES), *total(everything)])
    rows.append(["calibration and the gallery's page", *[""] * len(STAGES), *total(ends)])
    most = max(one["peakMiB"] for one in everything + ends)
    verdict = "under" if most < LIMIT else "over"
    busy = sum(one["processor"] for one in everything) / sum(one["seconds"] for one in everything)
    return table(["case", *(f"{stage}, s" for stage in STAGES), "all, s", "MiB"], rows) + (
        f"\n\nThe most memory that a stage holds is {most:.0f} MiB, {verdict} {LIMIT:,} MiB; a stage keeps"
        f" {rounded(busy)} cores busy on the average.")


def total(found):
    found = list(found)
    return [rounded(sum(one["seconds"] for one in found)), f"{max(one['peakMiB'] for one in found):.0f}"]
