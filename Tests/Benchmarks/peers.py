"""Trains whole populations with Casebook, PyTorch and JAX in turn, and writes down who is how fast.

    peers.py BENCH [--workloads xor parity] [--turns 5] [--populations] [--cap 1.0] [--busy] [--write]

Each at its best: of its thread counts, one and all cores, and of its variants, eager or compiled for PyTorch, gathered
or one-hot rows for JAX. What is fastest in a short trial takes turns with the others for the whole schedule. What
compiles has compiled, and everything has run once, before a clock starts.
"""

import argparse
import sys
from pathlib import Path

import machine
from contestants import Failure, Ours, Peer, taking_turns
from markdown import replace_section, rounded, table
from workloads import WORKLOADS

PACKAGE = Path(__file__).resolve().parents[2]
REPORT = Path(__file__).resolve().with_name("report.md")
POPULATIONS = {name: [1, 2, 5, 10, 30, 100, 300, 1000] for name in WORKLOADS} | {"grok": [1, 2, 4, 8]}
# Seconds of a trial run, and how many times as slow as the best one something may be in its first variant before the
# other, which takes long to compile, is not tried.
TRIAL, HOPELESS = 0.5, 8


class Race:
    """The programs, and what they are asked to train."""

    def __init__(self, bench):
        self.bench = bench
        self.peers = {name: [Peer(name, threads) for threads in machine.thread_counts()] for name in Peer.names}

    def versions(self):
        found = [f"{Peer.names[name]} {peers[0].version}" for name, peers in self.peers.items()]
        return ", ".join([machine.swift(), *found])

    def close(self):
        for peers in self.peers.values():
            for peer in peers:
                peer.close()

    def best_of_ours(self, name, networks):
        """Ours at its best number of threads, ready to run."""
        every = [Ours(self.bench, name, threads, networks) for threads in machine.thread_counts()]
        seconds = {ours: min(ours.seconds() for _ in range(3)) for ours in every}
        best = min(every, key=seconds.get)
        for ours in every:
            if ours is not best:
                ours.close()
        return best

    def best_of_peer(self, kind, name, networks, goal, cap=None):
        """A peer at its best number of threads and in its best variant, ready to run."""
        steps, trials = WORKLOADS[name].steps, {}
        gathers = "E" in WORKLOADS[name].shapes
        for variant in Peer.variants[kind][:None if gathers or kind == "torch" else 1]:
            if trials and min(trials.values()) > HOPELESS * goal:
                continue
            for peer in self.peers[kind]:
                try:
                    peer.prepare(name, networks, steps, variant, TRIAL)
                    trials[peer, variant] = min(peer.seconds() for _ in range(2))
                except Failure as problem:
                    print(f"  {Peer.names[kind]}, {variant}: left out: {problem}", file=sys.stderr)
        if not trials:
            raise SystemExit(f"{Peer.names[kind]} cannot train {name}.")
        peer, variant = min(trials, key=trials.get)
        peer.prepare(name, networks, steps, variant, cap)
        return peer, trials[peer, variant]

    def measure(self, name, networks, turns, goal_matters=False, cap=None):
        """The medians of ours and the peers.

        Where only the faster peer matters, a variant that cannot be it is not tried.
        """
        ours = self.best_of_ours(name, networks)
        contestants, goal = {"Casebook": ours}, float("inf")
        try:
            for kind in ["jax", "torch"]:
                peer, seconds = self.best_of_peer(kind, name, networks, goal, cap)
                contestants[Peer.names[kind]] = peer
                goal = min(goal, seconds) if goal_matters else goal
            self.check(name, networks, contestants)
            seconds = taking_turns(contestants, turns)
        finally:
            ours.close()
        told = [
            f"{who} {rounded(seconds[who], 3)} s (threads: {one.threads}{', ' * bool(one.variant)}{one.variant})"
            for who, one in contestants.items()
        ]
        print(f"{name}, networks: {networks:,}: {', '.join(told)}", flush=True)
        return {"seconds": seconds, "operations": ours.facts["operations"]}

    @staticmethod
    def check(name, networks, contestants):
        """That all train the same: as many networks, steps and parameters."""
        facts, peers = contestants["Casebook"].facts, [c.facts for who, c in contestants.items() if who != "Casebook"]
        wanted = (networks, WORKLOADS[name].steps, {WORKLOADS[name].parameters})
        found = (facts["networks"], facts["steps"], {facts["parameters"], *(f["parameters"] for f in peers)})
        if found != wanted:
            raise SystemExit(f"bench and workloads.py do not agree on {name}: {found} and {wanted}")


def faster_peer(seconds):
    """The seconds of the faster peer, and its name."""
    return min((value, who) for who, value in seconds.items() if who != "Casebook")


def row(name, result, peak):
    """Of a workload: seconds of each, how many times the faster peer's time is ours, the share of the peak."""
    seconds, workload = result["seconds"], WORKLOADS[name]
    networks = f"{workload.networks:,} {'network' if workload.networks == 1 else 'networks'}"
    share = result["operations"] / seconds["Casebook"] / 1e9 / peak
    return [
        f"{name}: {networks}, {workload.steps:,} steps",
        *(rounded(seconds[who], 3) for who in ["Casebook", "PyTorch", "JAX"]),
        f"{rounded(faster_peer(seconds)[0] / seconds['Casebook'])}×", f"{share:.0%}",
    ]


def race_whole(race, names, turns):
    """The table of whole populations."""
    peak = Ours(race.bench, "peak", machine.cores())
    rates = sorted(peak.process.ask()["gflops"] for _ in range(5))
    peak.close()
    rows = [row(name, race.measure(name, WORKLOADS[name].networks, turns), rates[2]) for name in names]
    header = ["workload", "Casebook, s", "PyTorch, s", "JAX, s", "faster peer / Casebook", "of the peak"]
    return table(header, rows), (
        f"the peak, {rates[2]:.0f} GFLOP/s, is what fused multiply-adds alone reach on all cores in the same run")


def race_populations(race, names, turns, cap):
    """The table of population sizes: how many times the faster peer's time is ours."""
    sizes = sorted({size for name in names for size in POPULATIONS[name]})
    rows = []
    for name in names:
        ratios = {}
        for size in POPULATIONS[name]:
            seconds = race.measure(name, size, turns, goal_matters=True, cap=cap)["seconds"]
            value, who = faster_peer(seconds)
            ratios[size] = f"{rounded(value / seconds['Casebook'])}× ({who[0]})"
        rows.append([name] + [ratios.get(size, "") for size in sizes])
    return table(["workload"] + [f"{size:,}" for size in sizes], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", help="the compiled program of that name")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--turns", type=int, default=5, help="how often each runs; the median counts")
    parser.add_argument("--populations", action="store_true", help="populations of other sizes instead")
    parser.add_argument("--cap", type=float, default=1.0, help="seconds of a peer's run with --populations")
    parser.add_argument("--busy", action="store_true", help="measure even if the machine is busy")
    parser.add_argument("--write", action="store_true", help="write the table into README.md and the report")
    options = parser.parse_args()
    if options.write and not options.populations and set(options.workloads) != set(WORKLOADS):
        parser.error("the table is written of all workloads, or of none")
    load = machine.require_idle(options.busy)
    race = Race(options.bench)
    where = f"{machine.description()}; {race.versions()}; medians of {options.turns} runs in turn; {load}"
    if options.populations:
        text = race_populations(race, options.workloads, options.turns, options.cap)
        text += (f"\n\nHow many times as long as Casebook the faster peer takes, PyTorch (P) or JAX (J), by number of"
                 f" networks. {where}; a peer is timed for about {options.cap:g} s of its schedule.")
        places = [(REPORT, "populations")]
    else:
        text, peak = race_whole(race, options.workloads, options.turns)
        text += f"\n\n{where}; {peak}."
        places = [(REPORT, "bench-peers"), (PACKAGE / "README.md", "bench-peers")]
    race.close()
    print(f"\n{text}")
    if options.write:
        for path, name in places:
            replace_section(path, name, text)


if __name__ == "__main__":
    main()
