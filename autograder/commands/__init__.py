"""Commands that `autograder.cli` brings together, by what an instructor does with them."""
