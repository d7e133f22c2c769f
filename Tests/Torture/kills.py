"""Stages and whole makes that are killed: at every rename, and at random moments."""

import os
import random
import signal
import subprocess
import time

from miniature import CASE, STAGES

SIGNALS = [signal.SIGTERM, signal.SIGKILL]


def command(job):
    return ["make", "-j4"] if job == "make" else [f".build/release/{job}", CASE]


def prepare(miniature, job, state):
    """A gallery in which the job has something to do, and the next make too."""
    if job == "make":
        miniature.clear() if state == "nothing" else miniature.age()
    elif state == "nothing":
        miniature.restore()
        (miniature.artifacts / f".keys/{CASE}/{job}").unlink()
    else:
        miniature.age([job])


def renames(miniature, job, state, at=0, when="before", number=signal.SIGKILL, whom="self"):
    """Runs a job that is struck at a rename, or at none; how it ended, and how many renames there were."""
    prepare(miniature, job, state)
    counter = miniature.home / "count"
    counter.write_bytes(b"")
    process = miniature.start(command(job), {
        "LD_PRELOAD": str(miniature.preload), "TORTURE_COUNT": str(counter), "TORTURE_AT": str(at),
        "TORTURE_WHEN": when, "TORTURE_SIGNAL": str(int(number)), "TORTURE_WHOM": whom})
    status = process.wait()
    miniature.wait_for_group(process.pid)
    return status, counter.stat().st_size


def at_renames(miniature, limit, report):
    """Kills at every rename of every stage and of a whole make, or at as many of them as are asked for."""
    plan = []
    for job in STAGES + ["make"]:
        for state in ["nothing", "older"]:
            status, count = renames(miniature, job, state)
            if status or not count:
                raise SystemExit(f"{job} ended with {status} after {count} renames, and nobody had struck it.")
            plan += [(job, state, at) for at in range(1, count + 1)]
    total = len(plan)
    # Every rename once; before and after it, by either signal, in turn.
    step = max(1, -(-total // limit)) if limit else total + 1
    kills = 0
    for index, (job, state, at) in list(enumerate(plan))[::step]:
        when, number = ["before", "after"][index % 2], SIGNALS[index // 2 % 2]
        whom = "group" if job == "make" and index % 3 else "self"
        status, _ = renames(miniature, job, state, at, when, number, whom)
        # Where steps run side by side a rename more or less may fall to this one.
        if status == 0 and job != "make":
            raise SystemExit(f"{job} was not killed {when} rename {at} of {total}.")
        kills += 1
        report(f"{job} from {state}, {number.name} to {whom} {when} rename {at}", miniature.complaint_after())
    return kills, total


def at_random(miniature, count, report, chance):
    """Kills at moments drawn over the time that the job takes undisturbed."""
    seconds = {}
    kills = 0
    while kills < count:
        job = chance.choice(STAGES + ["make"] * 5)
        state = chance.choice(["nothing", "older"])
        number = chance.choice(SIGNALS)
        # Struck alone, a make leaves stages behind that go on while the next make runs.
        whom = chance.choice(["group", "self"])
        if job not in seconds:
            prepare(miniature, job, state)
            start = time.monotonic()
            subprocess.run(command(job), cwd=miniature.place, env=miniature.environment, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            seconds[job] = time.monotonic() - start
        prepare(miniature, job, state)
        moment = chance.uniform(0, seconds[job])
        process = miniature.start(command(job))
        time.sleep(moment)
        if process.poll() is not None:
            miniature.wait_for_group(process.pid)
            continue
        os.killpg(process.pid, number) if whom == "group" else process.send_signal(number)
        process.wait()
        kills += 1
        report(f"{job} from {state}, {number.name} to {whom} after {moment:.3f} s",
               miniature.complaint_after(group=process.pid))
    return kills
