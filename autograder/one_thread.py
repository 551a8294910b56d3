"""Linear algebra on one thread, for the whole process that imports this before NumPy.

The grader marks several submissions at a time, and its matrices are small: more threads would only wait for each other.
"""

import os

for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
