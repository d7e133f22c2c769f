"""What machine this is, and whether it is idle enough to be measured on."""

import os
import platform
import re
import subprocess
import time
from pathlib import Path


def cores():
    return len(os.sched_getaffinity(0))


def thread_counts():
    """One, and all there are."""
    return sorted({1, cores()})


def processor():
    text = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    wide = next((name for name in ["avx512f", "avx2"] if re.search(rf"\b{name}\b", text)), "")
    kind = {"avx512f": " with AVX-512", "avx2": " with AVX2"}.get(wide, "")
    return f"{model[1].strip() if model else platform.machine()}{kind}"


def swift():
    text = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"Swift version (\S+)", text)
    return f"Swift {found[1]}" if found else "Swift"


def description():
    count = cores()
    return f"{processor()}, {count} {'core' if count == 1 else 'cores'}"


def busy_share(seconds=2.0):
    """Which share of the processor others use just now."""

    def read():
        times = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        return sum(times), times[3] + times[4]

    before = read()
    time.sleep(seconds)
    after = read()
    return 1 - (after[1] - before[1]) / max(after[0] - before[0], 1)


def require_idle(is_busy_fine, limit=0.1):
    """What to write of the load; ends here on a busy machine, unless that is fine."""
    share = busy_share()
    load = f"load average {os.getloadavg()[0]:.1f} before, {share:.0%} of the processor in use by others"
    if share > limit and not is_busy_fine:
        raise SystemExit(
            f"This machine is busy ({load}): what is measured now says little. Wait, or say BUSY=yes.")
    return load
