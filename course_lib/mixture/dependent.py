"""Columns that say nothing of their own: constant, or a combination of others.

A length in centimetres beside the same length in inches makes every covariance matrix singular, whatever the clusters
are. That is a fault of the table and not of a mixture. So such columns are found once, from the scatter of all data,
by Cholesky's elimination in the order of the columns: what is left of a column's variance when those before it are
known. Where that is not more than rounding, or than the floor of the variances, the column depends on them.
"""

import warnings
from typing import Any, NamedTuple

import numpy as np

from course_lib.mixture.covariances import Array
from course_lib.mixture.estimator import DegenerateWarning
from course_lib.mixture.one_pass.survey import Survey

ROUNDING = 1e-10  # of a column's variance: what is left by elimination of a column that depends on others
LAST_DIGIT = float(np.finfo(float).eps)  # of a column's largest number: what varies by less does not vary
PART = 1e-4  # of a column's standard deviation that another must explain to be named


class Dependent(NamedTuple):
    """A column, and those that it is a combination of; none if it is constant.

    ``beside`` are the standard deviation and the largest number of a column that is not constant, but varies too
    little for a component to have a width in it.
    """

    column: int
    others: tuple[int, ...]
    beside: tuple[float, float] | None = None

    def said(self, names: Any = None) -> str:
        """Return it in words."""
        name = [f"column {j}" if names is None else repr(str(names[j])) for j in (self.column, *self.others)]
        if self.beside:
            return "{} varies too little (standard deviation {:.3g} beside numbers as large as {:.3g})".format(
                name[0], *self.beside
            )
        if not self.others:
            return f"{name[0]} is constant"
        return f"{name[0]} is a combination of {', '.join(name[1:])}"


def dependent_columns(known: Survey, floor: Array | float = 0.0) -> list[Dependent]:
    """Return the columns that depend on those before them.

    Parameters
    ----------
    known : Survey
        Of the data. If its scatter is a diagonal alone, or there are no more rows than columns, only constant columns
        are looked for.
    floor : ndarray, shape (d,), or float
        A variance of each column that counts as none.
    """
    variances = known.variances
    none = np.maximum(ROUNDING * variances, floor)
    constant = known.constant | (variances <= floor)
    largest = np.maximum(np.abs(known.low), np.abs(known.high))
    varied = ~known.constant & (np.sqrt(variances) > LAST_DIGIT * largest)  # if too little
    found = [
        Dependent(int(j), (), (float(variances[j] ** 0.5), float(largest[j])) if varied[j] else None)
        for j in np.flatnonzero(constant)
    ]
    rest = np.flatnonzero(~constant)
    if known.scatter.ndim == 1 or known.counted <= len(variances) or len(rest) < 2:
        return found
    unit = np.sqrt(variances[rest])
    matrix = known.scatter[np.ix_(rest, rest)] / known.total / (unit[:, None] * unit)
    least = none[rest] / unit**2
    try:
        np.linalg.cholesky(matrix - np.diag(least))
        return found  # as nearly always: nothing less is left of any column
    except np.linalg.LinAlgError:
        pass
    kept: list[int] = []
    L = np.zeros_like(matrix)
    for j in range(len(rest)):
        m = len(kept)
        row = np.linalg.solve(L[:m, :m], matrix[kept, j]) if m else np.empty(0)
        left = matrix[j, j] - row @ row
        if left > least[j]:
            L[m, :m], L[m, m] = row, np.sqrt(left)
            kept.append(j)
            continue
        slopes = np.linalg.solve(L[:m, :m].T, row)
        others = [kept[i] for i in np.flatnonzero(np.abs(slopes) > PART)]
        found.append(Dependent(int(rest[j]), tuple(int(rest[i]) for i in others)))
    return sorted(found)


def warn_of_dependent(found: list[Dependent], names: Any, advice: str = "", stacklevel: int = 5) -> None:
    """Warn once of all columns that depend on others, if there are any; ``names`` are the columns' or None."""
    if found:
        advice = advice or (
            "There no component has a width of its own, and the likelihood depends on reg_covar. Leave the columns out."
        )
        if any(one.beside for one in found):
            advice += (
                " What varies too little beside an offset is kept by subtracting the offset: X - X.mean(axis=0), or "
                "better still where the numbers come from, since digits that are lost do not come back."
            )
        said = "; ".join(one.said(names) for one in found)
        warnings.warn(f"X is singular: {said}. {advice}", DegenerateWarning, stacklevel=stacklevel)
