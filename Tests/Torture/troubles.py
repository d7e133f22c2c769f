"""A full disk, a folder that may not be written to, a limit on files, a clock that goes back, two makes at once."""

import os
import resource
import shutil
import subprocess
import time

from miniature import CASE, STAGES, must, run


def may_mount():
    """Whether this process has mounts of its own to make and lose."""
    return os.environ.get("TORTURE_MAY_MOUNT") == "yes"


def told(done, *words):
    """What is wrong in how a failed make told it: nothing, or some words."""
    if done.returncode == 0:
        return "it did not fail"
    wanted = ["Error 74" if done.args[0] == "make" else "error: ", *words]
    missing = [word for word in wanted if word not in done.stderr]
    return f"it does not say {missing}: {done.stderr.strip()[-600:]}" if missing else None


def is_old_or_new(miniature, before):
    """Names a file that is neither as it was before nor as it will be."""
    for name, data in miniature.contents().items():
        if name.startswith("artifacts/") and data is not None and os.path.basename(name)[0] != ".":
            if data not in (before.get(name), miniature.expected.get(name)):
                return f"{name} is neither the old nor the new one"
    return None


def full_disk(miniature, report):
    """Disks with room for so much and no more, then with enough."""
    whole = sum(-(-path.stat().st_size // 4096) * 4 for path in miniature.whole.rglob("*"))
    count = sum(1 for _ in miniature.whole.rglob("*"))
    rooms = [f"size={whole * share // 100}k" for share in [1, 15, 30, 45, 60, 75, 85]]
    rooms += [f"nr_inodes={2 + count * share // 100}" for share in [0, 30, 60, 90]]
    for room in rooms:
        miniature.clear()
        must(["mount", "-t", "tmpfs", "-o", room, "tmpfs", miniature.artifacts], miniature.place)
        try:
            done = miniature.make()
            complaint = told(done, "artifacts", "No space left on device", "free some space") or is_old_or_new(miniature, {})
            must(["mount", "-o", "remount,size=1g,nr_inodes=100000", miniature.artifacts], miniature.place)
            report(f"a disk of {room}", complaint or miniature.complaint_after())
        finally:
            must(["umount", miniature.artifacts], miniature.place)


def read_only(miniature, report):
    """Folders that are mounted for reading only, then for writing too."""
    for folder in ["", CASE, f"{CASE}/main", f"{CASE}/main/checkpoints", f"{CASE}/figures", f".keys/{CASE}"]:
        miniature.age()
        before = miniature.contents()
        place = miniature.artifacts / folder
        must(["mount", "--bind", place, place], miniature.place)
        try:
            must(["mount", "-o", "remount,bind,ro", place], miniature.place)
            done = miniature.make()
            complaint = told(done, "artifacts", "writable") or is_old_or_new(miniature, before)
        finally:
            must(["umount", place], miniature.place)
        report(f"artifacts/{folder} mounted for reading only", complaint or miniature.complaint_after())


def other_user(miniature, report):
    """A user who may read the gallery and write nothing, and makes, and runs every stage by hand."""
    user = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    if user and run([*user, "cat", "Makefile", ".build/release/train"], miniature.place).returncode:
        print("Left out: another user, who may not read this folder.")
        return
    miniature.restore()
    shutil.rmtree(miniature.artifacts / ".keys")
    before = miniature.contents()
    if not user:
        must(["chmod", "-R", "a-w", miniature.place], miniature.place)
    commands = [["make", "-j2"]] + [[f".build/release/{stage}", CASE] for stage in STAGES]
    done = [run([*user, *command], miniature.place, miniature.environment) for command in commands]
    if not user:
        must(["chmod", "-R", "u+w", miniature.place], miniature.place)
    for command, outcome in zip(commands, done):
        outcome.args = command
        complaint = told(outcome, "writable")
        if outcome.returncode != (2 if command[0] == "make" else 74):
            complaint = f"it ended with {outcome.returncode}: {outcome.stderr.strip()}"
        report(f"{' '.join(command)} by a user who may not write",
               complaint or ("something changed" if miniature.contents() != before else None))
    report("a user who may not write", miniature.complaint_after())


def file_limit(miniature, report):
    """No file may grow beyond some bytes."""
    for limit in [0, 1, 1000, 5000, 8000, 20000, 50000, 100000]:
        miniature.age()
        before = miniature.contents()
        done = miniature.make(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        complaint = told(done, "cannot be written") if done.returncode else None
        report(f"files of at most {limit} bytes",
               complaint or is_old_or_new(miniature, before) or miniature.complaint_after())


def clock(miniature, report):
    """A clock that goes back an hour at each look, and files from the future and from long ago."""
    for state in [miniature.clear, miniature.age]:
        state()
        done = miniature.make(more={"LD_PRELOAD": str(miniature.preload), "TORTURE_CLOCK": "yes"})
        report("a clock that goes back", f"make ended with {done.returncode}: {done.stderr}" if done.returncode
               else miniature.complaint_after(heal=False))
    for moment in [0, int(time.time()) + 10 * 365 * 86400]:
        miniature.restore()
        paths = [p for p in miniature.place.rglob("*") if ".build" not in p.parts]
        for path in paths:
            os.utime(path, (moment, moment))
        complaint = None if "is current" in miniature.make().stdout else "make does not say that all is current"
        report(f"all files at the time {moment}", complaint or miniature.complaint_after(heal=False))
        (miniature.artifacts / CASE / "findings.json").write_text("{}")
        os.utime(miniature.artifacts / CASE / "findings.json", (moment, moment))
        report(f"a file edited at the time {moment}", miniature.complaint_after())
        for path in paths:
            if path.exists():
                os.utime(path)


def two_makes(miniature, report, rounds):
    """Makes that run at the same time in the same place."""
    for index in range(rounds):
        miniature.clear() if index % 2 else miniature.age()
        makes = [subprocess.Popen(["make", f"-j{jobs}"], cwd=miniature.place, env=miniature.environment, text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                 for jobs in [1, 2, 4][: 2 + index % 2]]
        ends = [make.communicate()[1] for make in makes]
        complaint = next((f"one ended with {make.returncode}: {said.strip()[-400:]}"
                          for make, said in zip(makes, ends) if make.returncode), None)
        report(f"{len(makes)} makes at once", complaint or miniature.complaint_after(heal=False))
    # What one make is writing is not what a dead one left.
    miniature.restore()
    leftovers = [miniature.artifacts / CASE / ".findings.json.99999.tmp",
                 miniature.artifacts / CASE / "main/checkpoints/.000000.safetensors.99999.tmp",
                 miniature.artifacts / f".keys/{CASE}/train.new"]
    for path in leftovers:
        path.write_text("half")
    report("leftovers beside a gallery that is current", miniature.complaint_after())


def all_troubles(miniature, report, rounds):
    if may_mount():
        full_disk(miniature, report)
        read_only(miniature, report)
    else:
        print("Left out: a full disk and a mount for reading only, which this user may not mount.")
    other_user(miniature, report)
    file_limit(miniature, report)
    clock(miniature, report)
    two_makes(miniature, report, rounds)


