"""A Chromium without a window, spoken to in its DevTools protocol over a pair of pipes."""

import base64
import fcntl
import json
import os
import select
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 120


class Chromium:
    """A browser that runs until the `with` around it ends; `page` opens a page in it."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours, theirs = os.pipe(), os.pipe()
        # Chromium reads from descriptor 3 and writes to 4: nothing else of ours may lie there.
        read, write = (fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (theirs[0], ours[1]))
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}",
             *sandbox],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(3, 4),
            preexec_fn=lambda: (os.dup2(read, 3), os.dup2(write, 4)))
        for each in (read, write, theirs[0], ours[1]):
            os.close(each)
        self.out, self.into = theirs[1], ours[0]
        self.count, self.left, self.events = 0, b"", []
        return self

    def __exit__(self, *_):
        try:
            self.send("Browser.close")
            self.process.wait(20)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)
        self.profile.cleanup()

    def send(self, method, session=None, **parameters):
        """A command's answer; what else is said meanwhile is kept in `events`."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.out, text) :]
        while (answer := self.read()).get("id") != self.count:
            self.events.append(answer)
        assert "error" not in answer, f"{method}: {answer.get('error')}"
        return answer["result"]

    def read(self):
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.left:
            ready, _, _ = select.select([self.into], [], [], max(0, end - time.monotonic()))
            more = os.read(self.into, 1 << 20) if ready else b""
            assert more, "Chromium says nothing"
            self.left += more
        message, self.left = self.left.split(b"\0", 1)
        return json.loads(message)

    def page(self, place, **options):
        return Page(self, place, **options)


class Page:
    """A file or an address as a reader sees it: so wide, light or dark, with scripts or without."""

    def __init__(
        self, browser, place, width=1280, height=900, theme="light", scripts=True, wait=True):
        self.browser = browser
        self.target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.send(
            "Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.send(f"{domain}.enable")
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.send("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        first = len(browser.events)
        self.send("Page.navigate", url=(
            Path(place).resolve().as_uri() if isinstance(place, Path) else place))
        while wait and not self.said("Page.loadEventFired", first):
            browser.events.append(browser.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.send("Target.closeTarget", targetId=self.target)
        self.browser.events = [
            each for each in self.browser.events if each.get("sessionId") != self.session]

    def send(self, method, **parameters):
        return self.browser.send(method, self.session, **parameters)

    def said(self, method, first=0):
        """What the browser has said of this page by a name."""
        return [event["params"] for event in self.browser.events[first:]
                if event["method"] == method and event.get("sessionId") == self.session]

    def run(self, script):
        """The value of an expression in the page, once it is there."""
        found = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def comes(self, script):
        """Waits until an expression in the page is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(script):
            assert time.monotonic() < end, f"never came: {script}"
            time.sleep(0.05)

    def requests(self):
        """The addresses of all that the page has asked for."""
        return [event["request"]["url"] for event in self.said("Network.requestWillBeSent")]

    def complaints(self):
        """What stands in the console: what the policy kept out, and what went wrong."""
        said = [event["entry"]["text"] for event in self.said("Log.entryAdded")]
        thrown = [event["exceptionDetails"]["text"] for event in self.said("Runtime.exceptionThrown")]
        return said + thrown

    def shows_all(self):
        """Scrolls through the page, so that pictures that wait to be seen are loaded."""
        for y in range(0, self.run("document.documentElement.scrollHeight"), 1500):
            self.run(f"scrollTo(0, {y})")
            self.send("Page.captureScreenshot", clip={
                "x": 0, "y": y, "width": 1, "height": 1, "scale": 1})
        self.run("scrollTo(0, 0)")
        self.comes("[...document.images].every((each) => each.complete)")

    def pdf(self):
        printed = self.send("Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27,
                            paperHeight=11.69, printBackground=False)
        return base64.b64decode(printed["data"])

    def screenshot(self, path):
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        Path(path).write_bytes(base64.b64decode(shot["data"]))
