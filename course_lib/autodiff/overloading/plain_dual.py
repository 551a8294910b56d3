"""Plain dual numbers: forward mode, as on the blackboard. Read this before `dual.py`.

A dual number is a value and the tangent that travels with it. Every operation computes its value, and by the chain
rule its tangent: the sum, over its operands, of the partial derivative times the operand's tangent. A constant has
none. The partial derivatives are lines of the table, and NumPy itself says which: it asks a value of a foreign class
before it computes, for an operator such as ``x * y`` no less than for ``np.sin(x)``.

`dual.py` gives the same numbers. What it has besides: arrays whose shapes differ, linear algebra, many tangents at
once, derivatives of derivatives that are not confused, and errors in words.
"""

from typing import Any

import numpy as np

from course_lib.autodiff.rules.forms import BY_VALUE, UFUNCS


class PlainDual(np.lib.mixins.NDArrayOperatorsMixin):
    """A number and its tangent; for elementwise functions.

    Examples
    --------
    >>> y = np.sin(PlainDual(0.0, 1.0)) * 3 + 1
    >>> float(y.value), float(y.tangent)
    (1.0, 3.0)
    """

    def __init__(self, value: Any, tangent: Any) -> None:
        self.value, self.tangent = value, tangent

    def __array_ufunc__(self, function: Any, method: str, *operands: Any) -> Any:
        values = [x.value if isinstance(x, PlainDual) else x for x in operands]
        y = function(*values)
        if function in BY_VALUE:  # such as a comparison
            return y
        rule: Any = UFUNCS[function]
        duals = [(k, x) for k, x in enumerate(operands) if isinstance(x, PlainDual)]
        tangent = sum(rule.partial(k, values, y) * x.tangent for k, x in duals)
        return PlainDual(y, tangent)
