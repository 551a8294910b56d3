"""Source code transformation: the text of a function in, the text of its derivative out.

Nothing runs while the derivative is made. The function is read, its formulas are taken apart until each statement
does one operation, and beside each statement, or after all of them in reverse order, stands the line that the table
has for it. The result is a Python function that one can read, change and keep; or one in C.

In the order in which to read them: `taken`, what the transformation takes, on one page; `statements`, a function as one
operation after the other; `source_text`, the text of a function; `scope`, what its names stand for;
`reading_statements`, how loops and conditionals are read; `reading_expressions`, how a formula becomes one operation
after the other; `reading_calls`, what a call becomes; `forward` and `reverse`, the two ways to write the derivative;
`program_text`, the functions put together as one text; `c`, the same in C,
with `c_words`; `transformation`, which puts all this
together as `differentiate_source`.
"""
