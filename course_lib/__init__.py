"""The reference implementations of the course. Each subpackage is imported by its own name.

`autodiff` and `mixture` are the two halves of the lecture, which need NumPy alone and not each other; `applications` is
what derivatives are good for; `datasets` are small data with their sources; `explore` draws it all for the book.
"""
