"""Checks a gallery as somebody would who has only its files, Python and the official libraries.

    run_clients.py ARTIFACTS [OPERATIONS]

OPERATIONS is a gallery of one network that has every operation, as Operations.swift writes it.
"""

import sys
import traceback
from pathlib import Path

import check_files
import check_ledger
import check_networks
import check_parity
import check_xor
from reading import read_json


class Checks:
    """Counts what passed, and says what did not."""

    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, name, check, *arguments):
        try:
            check(*arguments)
            self.passed += 1
        except Exception as problem:  # a check that cannot even run has failed
            self.failed += 1
            print(f"FAILED {name}: {type(problem).__name__}: {problem}")
            if not isinstance(problem, AssertionError):
                traceback.print_exc(limit=-2)

    def over(self, name, checks, *arguments):
        """Runs the checks that a module yields as (name, function, arguments)."""
        try:
            for part, check, *rest in checks(*arguments):
                self(f"{name} {part}", check, *rest)
        except Exception as problem:
            self(f"{name} {checks.__module__}", _fail, problem)


def _fail(problem):
    raise problem


def main():
    gallery = Path(sys.argv[1])
    checks = Checks()
    cases = sorted(path.parent.parent for path in gallery.glob("*/main/network.json"))
    checks("gallery", check_files.gallery, gallery, cases)
    for case in cases:
        before = checks.passed
        checks.over(case.name, check_files.checks, case)
        checks.over(case.name, check_networks.checks, case)
        checks.over(case.name, check_ledger.checks, case)
        for module in (check_xor, check_parity):
            if module.__name__ == f"check_{case.name}":
                checks.over(case.name, module.checks, case)
        print(f"{case.name}: {checks.passed - before} checks passed")
    for path in sys.argv[2:]:
        for case in sorted(path.parent.parent for path in Path(path).glob("*/main/network.json")):
            checks.over(case.name, check_networks.checks, case)
            checks(
                f"{case.name} knows every operation", check_networks.covers_operations,
                read_json(case / "main/network.json"))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
