"""Prints every table that is measured."""

from tests.benchmarks import marking, mixture

if __name__ == "__main__":
    print(marking.measure())
    print(mixture.measure())
