"""Prints every table that is measured."""

from tests.benchmarks import marking

print(marking.measure())
