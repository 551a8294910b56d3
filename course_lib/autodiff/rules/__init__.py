"""The table of rules: every elementary operation once, with its value and its derivative.

A program, however long, is a chain of operations that somebody knows how to differentiate. So the derivative of any
program needs two things only: the derivatives of a few dozen elementary operations, which stand here, and the chain
rule, which puts them together. There is one table, and three realisations read it: operator overloading runs its
lines beside the program, the computational graph records them, and source code transformation writes them down.

In the order in which to read them: `table`, the lines themselves; `long_lines`, those that are too long to stand in it;
`forms`, the few shapes that a line can have; `broadcasting` and `places`, how a cotangent finds its way back to a
shape and to an index; `compositions`, `arrangements`, `products` and `more_of_numpy`, NumPy's other functions, made of
lines of the table; `spectra` and `decompositions`, eigenvalues and singular values; `special`, SciPy's functions;
`expressions`, lines that write their own syntax tree.

The names below are those that programs written by `differentiate_source` import.
"""

from course_lib.autodiff.rules import (  # their functions enter themselves
    arrangements,  # noqa: F401
    decompositions,  # noqa: F401
    more_of_numpy,  # noqa: F401
    products,  # noqa: F401
)
from course_lib.autodiff.rules.broadcasting import (
    aligned,
    kept,
    product,
    share,
    spread,
    summed_to,
)
from course_lib.autodiff.rules.compositions import (
    from_last,
    traced,
)
from course_lib.autodiff.rules.forms import (
    elementwise,
    general,
    linear,
    multilinear,
)
from course_lib.autodiff.rules.long_lines import (
    cholesky_forward,
    cholesky_reverse,
    eigen,
    eigen_forward,
    eigen_gaps,
    eigen_reverse,
    einsum_many,
    einsum_transposes,
    flipped,
    log_sum_exp,
    lower_half,
    matmul_many,
    matmul_transposes,
    part,
    row,
    symmetric,
)
from course_lib.autodiff.rules.places import (
    add_at,
    added_at,
    gather,
    indexed_places,
    is_basic,
    known_places,
    places,
    put,
    put_many,
    scatter,
    scattered,
    scattered_rows,
    taken_many,
)
from course_lib.autodiff.rules.table import (
    broadcast,
    cholesky,
    concatenated,
    cumulated,
    determinant,
    eigh,
    einsum,
    held,
    inverse,
    largest,
    log_abs_det,
    logsumexp,
    matmul,
    piled,
    reshaped,
    sign_of_det,
    smallest,
    solve,
    taken,
    total,
    transposed,
    where,
)

__all__ = [
    "add_at",
    "added_at",
    "aligned",
    "broadcast",
    "cholesky",
    "cholesky_forward",
    "cholesky_reverse",
    "concatenated",
    "cumulated",
    "determinant",
    "eigen",
    "eigen_forward",
    "eigen_gaps",
    "eigen_reverse",
    "eigh",
    "einsum",
    "einsum_many",
    "einsum_transposes",
    "elementwise",
    "flipped",
    "from_last",
    "gather",
    "general",
    "held",
    "indexed_places",
    "inverse",
    "is_basic",
    "kept",
    "known_places",
    "largest",
    "linear",
    "log_abs_det",
    "log_sum_exp",
    "logsumexp",
    "lower_half",
    "matmul",
    "matmul_many",
    "matmul_transposes",
    "multilinear",
    "part",
    "piled",
    "places",
    "product",
    "put",
    "put_many",
    "reshaped",
    "row",
    "scatter",
    "scattered",
    "scattered_rows",
    "share",
    "sign_of_det",
    "smallest",
    "solve",
    "spread",
    "summed_to",
    "symmetric",
    "taken",
    "taken_many",
    "total",
    "traced",
    "transposed",
    "where",
]
