"""Prints every table that is measured."""

from tests.benchmarks import autodiff, marking

if __name__ == "__main__":
    print(autodiff.measure())
    print(marking.measure())
