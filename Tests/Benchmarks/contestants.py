"""Processes that train when they are told to, so that ours and the peers can take turns."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent


class Failure(Exception):
    """A contestant that cannot do what it is asked."""


class Process:
    """A program that answers each line with a line of JSON."""

    def __init__(self, command, environment=None):
        self.name = Path(command[0]).name
        self.process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        try:
            self.first = self.read()
        except Failure:
            self.close()
            raise

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"{self.name} has ended with {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise Failure(answer["error"])
        return answer

    def ask(self, line=""):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Ours:
    """A workload of `bench`, trained whole at each turn."""

    def __init__(self, bench, workload, threads, networks=None, options=()):
        size = ["--networks", networks] if networks else []
        words = [bench, workload, "--threads", threads, "--runs", 1, "--on-request", *size, *options]
        self.process = Process(list(map(str, words)))
        self.threads, self.variant, self.facts = threads, "", self.process.first

    def seconds(self):
        return self.process.ask()["seconds"]

    def close(self):
        self.process.close()


class Peer:
    """A peer on a number of threads; it stays, and is made ready for one training after another."""

    names = {"torch": "PyTorch", "jax": "JAX"}
    variants = {"torch": ["eager", "compiled"], "jax": ["gather", "one-hot"]}

    def __init__(self, peer, threads):
        self.peer, self.threads = peer, threads
        self.process = Process(
            [sys.executable, str(HERE / "peer.py"), peer, str(threads)],
            {"TORCHINDUCTOR_CACHE_DIR": f"{sys.prefix}/inductor"})
        self.version = self.process.first["version"]

    def prepare(self, workload, networks, steps, variant, cap=None):
        """Compiles and warms; with a cap of seconds fewer steps are timed, and the rest is taken to cost as much."""
        wanted = {"workload": workload, "networks": networks, "variant": variant, "cap": cap}
        self.facts = self.process.ask(json.dumps(wanted))
        self.variant, self.scale = variant, steps / self.facts["steps"]

    def seconds(self):
        return self.process.ask()["seconds"] * self.scale

    def close(self):
        self.process.close()


def taking_turns(contestants, turns, pause=0.1):
    """The median seconds of each contestant, all of which run once at every turn."""
    seconds = {name: [] for name in contestants}
    for _ in range(turns):
        for name, contestant in contestants.items():
            time.sleep(pause)
            seconds[name].append(contestant.seconds())
    return {name: median(values) for name, values in seconds.items()}
