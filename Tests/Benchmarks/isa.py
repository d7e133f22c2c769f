"""Makes cases with every instruction set and on several threads, and expects the same bytes.

    isa.py NATIVE CASE ... [--threads 1 2 3 8]

NATIVE is the folder of what was compiled for this machine; on one thread it makes what the others are compared with.
"""

import argparse
import json
import shutil
import subprocess
from pathlib import Path

STAGES = ["train", "record", "analyze"]
PLACE = Path(".build/isa")
FLAGS = ["-c", "release", "--explicit-target-dependency-import-check", "error"]


def levels():
    """What this processor can run, by the register that only the wider one has."""
    flags = set(Path("/proc/cpuinfo").read_text().split())
    wide = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= flags
    return ["x86-64-v3"] + ["x86-64-v4"] * wide


def compiled(level):
    """The folder of the stages, compiled for an instruction set."""
    scratch = PLACE / level
    for stage in STAGES:
        subprocess.run(
            ["swift", "build", *FLAGS, "-Xcc", f"-march={level}", "--scratch-path", scratch, "--product", stage],
            check=True, stdout=subprocess.DEVNULL)
    return scratch / "release"


def uses_wide_registers(program):
    """Whether a program has an instruction of AVX-512; nil if nothing here can tell."""
    tool = shutil.which("objdump") or shutil.which("llvm-objdump")
    if not tool:
        return None
    with subprocess.Popen([tool, "-d", "--no-show-raw-insn", program], stdout=subprocess.PIPE, text=True) as found:
        return any("%zmm" in line for line in found.stdout)


def make(products, case, threads, out):
    """The files that the stages of a case make."""
    shutil.rmtree(out, ignore_errors=True)
    for stage in STAGES:
        command = [products / stage, case, "--artifacts", out, "--threads", str(threads)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"{stage} {case} on {threads} threads: {done.stderr.strip()}")
    return out


def difference(one, other):
    """The first file that two folders differ in, with the tensor or line; nil if there is none."""
    def names(folder):
        return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}

    for name in sorted(names(one) | names(other)):
        if not (one / name).exists() or not (other / name).exists():
            return f"{name} is in one of them alone"
        left, right = (one / name).read_bytes(), (other / name).read_bytes()
        if left != right:
            return f"{name}, {entry(left, right) if name.suffix == '.safetensors' else line(left, right)}"
    return None


def line(left, right):
    pairs = enumerate(zip(left.splitlines(), right.splitlines()), 1)
    return f"line {next((number for number, (a, b) in pairs if a != b), 'at the end')}"


def entry(left, right):
    """The first tensor whose numbers differ."""
    def tensors(data):
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        header.pop("__metadata__", None)
        return {name: data[start + info["data_offsets"][0]:start + info["data_offsets"][1]]
                for name, info in header.items()}

    one, other = tensors(left), tensors(right)
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            return f"tensor {name}"
    return "the header"


def can_fail(reference):
    """That one bit of one number, the last of the first tensors, is noticed and named."""
    copy = PLACE / "broken"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(reference, copy)
    broken = sorted(copy.rglob("*.safetensors"))[0]
    data = bytearray(broken.read_bytes())
    data[-1] ^= 1
    broken.write_bytes(data)
    found = difference(reference, copy) or ""
    if not found.startswith(f"{broken.relative_to(copy)}, tensor "):
        raise SystemExit(f"A flipped bit of {broken.relative_to(copy)} is not noticed: {found or 'no difference'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("native", type=Path)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2, 3, 8])
    options = parser.parse_args()
    builds = {"native": options.native} | {level: compiled(level) for level in levels()}
    if "x86-64-v4" not in builds:
        print("This processor has no AVX-512: x86-64-v4 is left out.")
    elif uses_wide_registers(builds["x86-64-v3"] / "train") or (
            uses_wide_registers(builds["x86-64-v4"] / "train") is False):
        raise SystemExit("The two instruction sets were compiled to the same kind of code.")
    passed, failed = 0, 0
    for case in options.cases:
        reference = make(options.native, case, 1, PLACE / "reference")
        can_fail(reference)
        for level, products in builds.items():
            for threads in options.threads:
                if (level, threads) == ("native", 1):
                    continue
                found = difference(reference, make(products, case, threads, PLACE / "made"))
                passed, failed = passed + (not found), failed + bool(found)
                print(f"{case}, {level}, threads: {threads}: {found or 'the same bytes'}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    raise SystemExit(main())
