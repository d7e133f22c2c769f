"""A process that trains in PyTorch or JAX when it is told to.

    peer.py {torch,jax} THREADS

Of each line that it reads it makes one. `{"workload", "networks", "variant", "cap"}` makes a training ready, compiled
and warm: of as many steps as fit into so many seconds, of all without a cap. An empty line runs it:
`{"seconds"}`. What fails answers `{"error"}`.
"""

import importlib
import json
import os
import sys
import time

from workloads import WORKLOADS


def timed(training):
    start = time.perf_counter()
    training()
    return time.perf_counter() - start


def prepare(peer, workload, networks, variant, cap=None):
    """A training that is warm, and its number of steps."""
    steps = WORKLOADS[workload].steps
    if not cap:
        return peer.Training(workload, networks, steps, variant), steps
    few = max(steps // 50, min(steps, 10))
    training = peer.Training(workload, networks, few, variant)
    steps = max(min(steps, int(cap * few / timed(training))), 1)
    return training.lasting(steps), steps


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    if threads == 1:
        os.environ["OMP_NUM_THREADS"] = "1"
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    answers, sys.stdout = sys.stdout, sys.stderr
    peer = importlib.import_module(f"{name}_peer")
    peer.use(threads)
    print(json.dumps({"version": peer.Training.version}), file=answers, flush=True)
    training = None
    for line in sys.stdin:
        try:
            if line.strip():
                training = None
                wanted = json.loads(line)
                training, steps = prepare(peer, **wanted)
                answer = {"steps": steps, "parameters": WORKLOADS[wanted["workload"]].parameters}
            else:
                answer = {"seconds": timed(training)}
        except Exception as problem:  # a compiler that is not there, memory that is not
            answer = {"error": f"{type(problem).__name__}: {problem}".splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
