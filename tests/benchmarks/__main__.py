"""Prints every table that is measured."""

from tests.benchmarks import autodiff, marking, mixture

if __name__ == "__main__":
    print(autodiff.measure())
    print(mixture.measure())
    print(marking.measure())
