"""A plain tape: reverse mode, as on the blackboard. Read this before `tape.py`.

The program runs, and every operation writes a line: for each operand, the number of the line that it came from, and the
partial derivative there, which is a line of the table. The sweep reads the tape from its end. Each line hands its
adjoint on to its operands, times the slope, and there it is added: a value that is used twice acts along both paths.

`tape.py` gives the same numbers. What it has besides: arrays and linear algebra, whose lines keep operands in place of
slopes; tapes inside tapes; memory that is freed while the sweep goes; and errors in words.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.rules.forms import BY_VALUE, UFUNCS


class PlainNode(np.lib.mixins.NDArrayOperatorsMixin):
    """A number, and the number of its line on the tape."""

    def __init__(self, value: Any, tape: list[Any], operands: Any = ()) -> None:
        self.value, self.tape, self.line = value, tape, len(tape)
        tape.append(operands)

    def __deepcopy__(self, memo: Any) -> Any:
        return self  # the tape is one, and so are its lines

    def __array_ufunc__(self, function: Any, method: str, *operands: Any) -> Any:
        values = [x.value if isinstance(x, PlainNode) else x for x in operands]
        y = function(*values)
        if function in BY_VALUE:  # such as a comparison
            return y
        rule: Any = UFUNCS[function]
        nodes = [(k, x) for k, x in enumerate(operands) if isinstance(x, PlainNode)]
        made = [(x.line, rule.partial(k, values, y)) for k, x in nodes]
        return PlainNode(y, self.tape, made)


def plain_gradient(f: Callable[..., Any]) -> Callable[..., list[Any]]:
    """Return the function that computes all partial derivatives of f, a function of numbers, by one sweep.

    Examples
    --------
    >>> [float(slope) for slope in plain_gradient(lambda x, y: x * y + np.sin(x))(0.0, 5.0)]
    [6.0, 0.0]
    """

    def gradient(*numbers: Any) -> list[Any]:
        tape: list[Any] = []
        result = f(*[PlainNode(np.float64(x), tape) for x in numbers])
        adjoints = [np.float64(0.0)] * len(tape)
        if isinstance(result, PlainNode):  # else it does not depend on the numbers
            adjoints[result.line] = np.float64(1.0)
        for line in reversed(range(len(tape))):
            for operand, slope in tape[line]:
                adjoints[operand] += adjoints[line] * slope
        return adjoints[: len(numbers)]

    return gradient
