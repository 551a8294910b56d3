"""Lets ``python -m autograder`` do what the command ``autograder`` does."""

from autograder.cli import main

main()
