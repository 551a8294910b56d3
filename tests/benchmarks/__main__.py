"""Prints every table that is measured, or those that are named: ``python -m tests.benchmarks mixture``."""

import sys

from tests.benchmarks import autodiff, marking, mixture

TABLES = {"autodiff": autodiff, "mixture": mixture, "marking": marking}

if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(TABLES)
    if unknown:
        sys.exit(f"There is no table of {', '.join(sorted(unknown))}; expected some of {', '.join(TABLES)}.")
    for name in sys.argv[1:] or TABLES:
        print(TABLES[name].measure())
