"""Prints every table that is measured."""

from tests.benchmarks import marking

if __name__ == "__main__":
    print(marking.measure())
