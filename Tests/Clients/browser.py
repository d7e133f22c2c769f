"""Runs a page in a headless Chromium and hands back what a script in it found out."""

import base64
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

DRIVER = (Path(__file__).parent / "driver.js").read_text()
SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
DATA = re.compile(r'<script type="application/json" id="live-data">(.*?)</script>', re.S)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="(.*?)" />')


def dom(page, *flags):
    """The document as it stands once the page has loaded and its scripts have run."""
    with tempfile.TemporaryDirectory() as profile:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [
            "chromium", "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            f"--user-data-dir={profile}", *sandbox, *flags, "--dump-dom",
            Path(page).resolve().as_uri()]
        run = subprocess.run(command, capture_output=True, timeout=900)
    assert run.returncode == 0, run.stderr.decode()[-500:]
    return run.stdout.decode()


def page_of(script, data):
    """A page with nothing but a network that runs."""
    return (
        '<!DOCTYPE html><meta charset="utf-8"><div id="live-network"></div>'
        f'<script type="application/json" id="live-data">{safe(data)}</script>'
        f"<script>{script}</script></body></html>")


def safe(data):
    return json.dumps(data).replace("<", "\\u003c")


def driven(html, task, *flags):
    """What driver.js finds in a page, with the policy lifted that would keep it out."""
    html = POLICY.sub("", html).replace(
        "</body>",
        f'<script type="application/json" id="task">{safe(task)}</script>'
        f"<script>{DRIVER}</script></body>")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(html)
        document = dom(path, *flags)
    found = re.search(r'<pre id="found">(.*?)</pre>', document, re.S)
    assert found, "the driver did not finish"
    result = json.loads(base64.b64decode(found[1]))
    assert "error" not in result, result["error"]
    return result


def packed(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


def unpacked(text):
    return np.frombuffer(base64.b64decode(text), "<f4")
