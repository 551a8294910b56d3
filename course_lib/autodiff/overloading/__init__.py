"""Operator overloading: the program runs as it is, on values that know how to differentiate themselves.

A number that carries its tangent along gives forward mode; a number that writes down every operation it meets gives
reverse mode, for the notes are then read from the last to the first. NumPy asks such values before it computes, and
so no program need be written anew: ``np.sin(x)`` finds the line of the table by itself.

Read first `plain_dual` and `plain_tape`, which do it for numbers in a few lines each. They give the numbers of the
others, and a test says so.

In the order in which to read the others: `differentiable`, what may come in; `numpy_protocol`, how NumPy and Python
hand operations over; `refusals`, what is not handed over, such as writing into a plain array, and what to write
instead; `dual`, forward mode; `tape`, reverse mode; `guard`, what happens to arrays that the tape still needs;
`sweeps`, one run with one seed or with many; `batches`, one run for all rows; `selection`, zeros that a choice put
there; `watch`, whether a function does the same when it is run again.
"""
