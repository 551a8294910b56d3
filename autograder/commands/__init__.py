"""Commands that `autograder.cli` brings together, by what an instructor does with them.

`platform` (what comes from a learning platform and goes back to it), `marking` (a class, and what came of it),
`appeals` (one mark, run again), `penalties` (for late work, as they are at that moment), and the `options` that several
of them share.
"""
