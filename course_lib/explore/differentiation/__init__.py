"""Explorables about derivatives, in the order of the chapters that show them.

Difference quotients (`cancellation`, `divided_differences`), dual numbers and the traces that they fill
(`dual_numbers`, `dual_program`), the graph and its sweeps (`stepper`), what an expression costs when it is written out
(`swell`), Jacobians (`sweeps_crossover`, `sparse_jacobian`, `checkpoints`), and what derivatives are used for
(`basins`, `stiffness`). `own_mistakes` shows a learner's own wrong answer in the problem sets.
"""
