"""Loops: `scan` and `while_loop`, which say that a program does one step again and again.

In the order in which to read them: `scan`, what the two are, and the Python loops that they are in plain calls;
`carry`, the checks that each step must pass. Under `jit`: `body`, a step recorded once; `recorded`, the loop over it,
and its derivatives, which are loops again; `emit`, the loop as the text of a program. Under `vmap`: `batch`, one loop
for all rows.
"""
