"""Counts checks."""

import traceback


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
