"""Checks a gallery as somebody would who has only its files, Python and the official libraries.

    run_clients.py ARTIFACTS [NETWORKS]

NETWORKS is a gallery of networks that together have every operation, as Writer.swift writes it.
"""

import importlib
import sys
from pathlib import Path

import check_evidence
import check_files
import check_ledger
import check_networks
import standard_tests
from counting import Checks
from reading import cases_in, read_json
from standard_claims import CLAIMS


def main():
    gallery = Path(sys.argv[1])
    checks = Checks()
    cases = cases_in(gallery)
    checks("gallery", check_files.gallery, gallery, cases)
    for case in cases:
        before = checks.passed
        checks.over(case.name, check_files.checks, case)
        checks.over(case.name, check_networks.checks, case)
        checks.over(case.name, check_ledger.checks, case)
        checks.over(case.name, check_evidence.checks, case)
        # What is claimed of a case is computed once more by check_CASE.py, where there is one.
        own = f"check_{case.name.replace('-', '_')}"
        if Path(__file__).with_name(f"{own}.py").exists():
            checks.over(case.name, importlib.import_module(own).checks, case)
        if case.name in CLAIMS:
            checks.over(case.name, standard_tests.checks, CLAIMS[case.name](case))
        print(f"{case.name}: {checks.passed - before} checks passed")
    checks("calibration", check_evidence.calibration, gallery / "calibration")
    for path in sys.argv[2:]:
        cases = cases_in(Path(path))
        for case in cases:
            checks.over(case.name, check_networks.checks, case)
        checks(
            "every operation is run", check_networks.covers_operations,
            [read_json(case / "main/network.json") for case in cases])
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
