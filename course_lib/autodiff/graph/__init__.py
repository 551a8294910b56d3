"""The computational graph: the program is recorded once, as data, before anything is done with it.

Each operation is a node, each operand an edge. What is written down can be looked at: as the table of w1, w2, ... of
the lecture, with the derivative beside each line, and as a picture. It can also be made shorter, given its memory
beforehand, and written as one straight program, which runs without tape and without questions.

In the order in which to read them: `evaluation`, the evaluation trace; `symbols`, its formulas; `picture`, the graph
as one draws it; `program`, a recording to run again; `simplify`, the same in fewer passes, by `rewriting` its steps,
with what is known of `factors` and `sums`, and `before_and_after` to look at each pass; `plan`, which buffer holds
what, and where it is used again; `emit`, the program as text; `jit`, the key that finds it.
"""
