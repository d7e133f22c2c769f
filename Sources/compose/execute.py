"""Executes a notebook on a Jupyter kernel, in the folder of its case and without a network.

execute.py NOTEBOOK FOLDER OUTPUT    executes a notebook and writes it with what its cells said
execute.py --again NOTEBOOK          executes it in a copy of its folder, and compares what its cells say
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from PIL import Image

SECONDS = 600  # the most that one cell may take, or the kernel to begin: a busy machine is slow


def alone(scratch):
    """Nothing of this machine reaches the kernel: no network, no settings, one thread."""
    for name in [
        name for name in os.environ if name.startswith(("JUPYTER", "IPYTHON", "MPL", "PYTHON"))
    ]:
        del os.environ[name]
    for name in (
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        os.environ[name] = "http://127.0.0.1:9"  # where nobody answers
    os.environ.pop("no_proxy", None)
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        os.environ[name] = str(scratch)
    os.environ["MPLCONFIGDIR"] = str(Path(sys.prefix) / "fonts")
    os.environ.update(
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        PYTHONHASHSEED="0",
        PYTHONDONTWRITEBYTECODE="1",
    )


def small(picture):
    """A picture of 32 colours without a word about the program that drew it."""
    image = Image.open(io.BytesIO(b64decode(picture))).convert("RGB")
    stream = io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return b64encode(stream.getvalue()).decode()


def executed(notebook, folder):
    """The notebook with its outputs, free of times, versions and warnings."""
    with tempfile.TemporaryDirectory() as scratch:
        alone(scratch)
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            startup_timeout=SECONDS,
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
            km=AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{scratch}/kernel"),
        )
        client.execute(stderr=subprocess.DEVNULL)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.clear()
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                sys.exit(f"{folder}: the cell '{cell.id}' warns: {output.text}")
            data = output.get("data", {})
            if "image/png" in data:
                data["image/png"] = small(data["image/png"])
    nbformat.validate(notebook)
    return notebook


def said(notebook):
    """What each cell printed; pictures, whose bytes depend on the machine, by their number."""
    return {
        cell.id: [output.get("text", sorted(output.get("data", {}))) for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def write(name, folder, output):
    notebook = executed(nbformat.read(name, as_version=4), folder)
    new = Path(output).with_name(Path(output).name + ".new")
    nbformat.write(notebook, new)
    new.replace(output)


def again(name):
    committed = nbformat.read(name, as_version=4)
    nbformat.validate(committed)
    before = said(committed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / Path(name).parent.name
        shutil.copytree(Path(name).parent, folder)
        after = said(executed(committed, folder))
    for cell, outputs in after.items():
        if outputs != before[cell]:
            sys.exit(f"{name}: the cell '{cell}' said {before[cell]}, and now says {outputs}")
    print(f"{name}: {len(after)} cells say the same again")


def main():
    arguments = sys.argv[1:]
    try:
        again(arguments[1]) if arguments[0] == "--again" else write(*arguments)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        sys.exit(f"{arguments[-1]}: " + re.sub(r"\x1b\[[0-9;]*m", "", str(error)))


if __name__ == "__main__":
    main()
