"""Source transformation: the text of a function in, the text of its derivative out.

Operator overloading differentiates a program while it runs. This reads the program before it runs: its text becomes
elementary statements (`statements.py`), and beside each, or after all of them, stands the statement of its
derivative, written by the same table of rules (`forward.py`, `reverse.py`, in C `c.py`). What comes
out is a program like any other: it can be read, changed, compiled, and differentiated again.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 6.2.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError, NotScalarError, SeedError
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.tape import unshared
from course_lib.autodiff.source.c import c_source, compiled, write_c
from course_lib.autodiff.source.forward import write_forward
from course_lib.autodiff.source.program_text import DerivativeText, Writer
from course_lib.autodiff.source.reverse import write_reverse, write_vjp
from course_lib.autodiff.source.source_text import NARROW, Source


def differentiate_source(
    f: Callable[..., Any], wrt: int | tuple[int, ...] = 0, mode: str = "forward", language: str = "python"
) -> Any:
    """Return the derivative of f as a function that was written by a program; its text is the attribute ``source``.

    The text of f may have straight-line code, loops whose counts do not depend on the variables, conditionals on
    what does not depend on them, and calls of other such functions, which are transformed as functions of their own.
    What is taken stands on one page, `course_lib.autodiff.source.taken`; the rest is refused with its line.
    Parameters that are annotated ``float`` or ``int`` are plain numbers, and the text for them is simpler: without
    the annotation they may be arrays, and what was broadcast must be summed.

    Parameters
    ----------
    f : callable
        A function whose text can be read: written with ``def`` in a file or a notebook, or a lambda. Numbers around
        it, and functions, are taken as they are now.
    wrt : int or tuple of int
        Which arguments to differentiate with respect to.
    mode : "forward" or "reverse"
        Forward: a tangent beside each statement. Reverse: the program, and then its statements backwards.
    language : "python" or "c"
        C: forward mode, for functions of numbers. The text can be compiled anywhere; a call compiles it here.

    Returns
    -------
    callable
        In forward mode it takes the arguments of f and then one tangent for each argument of ``wrt``, and returns
        ``(y, ydot)`` as `jvp` does. The tangent may be left out if there is one and it belongs to a number: then it
        is 1. In reverse mode it takes the arguments of f and returns ``(value, gradient)`` as `value_and_grad` does,
        the gradient a tuple if ``wrt`` is one. ``source`` is the text.

    Raises
    ------
    SourceError
        If f has a statement or an operation that is not transformed; it says the line and what to write instead.
        In C also if there is no compiler when the function is called.
    ValueError
        If the mode or the language is unknown, or ``language="c"`` is asked for in reverse mode.
    InputError
        If f has no argument of that number; or, when called, if an argument is not made of real numbers.
    SeedError
        (when called) If a tangent is missing or has another shape than its argument.
    NotScalarError
        In reverse mode, if the value of f is not one number.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 6.2.

    Examples
    --------
    >>> def f(x1: float, x2: float):
    ...     return x1 * x2 + np.sin(x1)
    >>> df = differentiate_source(f)
    >>> print(df.source)
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def f_forward(x1, x2, dx1=1.0):
        w3 = x1 * x2
        dw3 = x2 * dx1
        w4 = np.sin(x1)
        dw4 = np.cos(x1) * dx1
        w5 = w3 + w4
        dw5 = dw3 + dw4
        return w5, dw5
    <BLANKLINE>
    >>> df(0.0, 5.0)
    (np.float64(0.0), np.float64(6.0))
    """
    if mode not in ("forward", "reverse"):
        raise ValueError(f"The mode is {mode!r}; expected 'forward' or 'reverse'.")
    if language not in ("python", "c"):
        raise ValueError(f"The language is {language!r}; expected 'python' or 'c'.")
    if language == "c" and mode == "reverse":
        raise ValueError("In C there is forward mode only; expected mode='forward', or language='python'.")
    source = Source(f)
    count = len(source.parameters)
    chosen = wrt if isinstance(wrt, tuple) else (wrt,)
    if not chosen or len(set(chosen)) < len(chosen) or any(not 0 <= k < count for k in chosen):
        raise InputError(
            f"wrt is {wrt!r}, and {source.name} has {count} arguments; expected different numbers, each from 0 to "
            f"{count - 1}."
        )
    is_number = tuple(source.annotations.get(p) in (float, int, "float", "int") for p in source.parameters)
    active = tuple(k in chosen for k in range(count))
    arrays = tuple(language == "python" and not number for number in is_number)
    signature = inspect.signature(source.function)

    def given(arguments: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
        """Return all arguments of f; the differentiated ones as floats."""
        bound = signature.bind(*arguments, **named)
        bound.apply_defaults()
        values = [differentiable(x) if k in chosen else x for k, x in enumerate(bound.args)]
        for parameter, number, value in zip(source.parameters, is_number, values, strict=True):
            if language == "python" and str(getattr(value, "dtype", "")) in NARROW:
                raise InputError(
                    f"{parameter} is made of {value.dtype}, in which a derivative may overflow or round. "
                    f"Give {parameter}.astype(float), or .astype(int) for places."
                )
            if number and np.ndim(value):
                raise InputError(
                    f"{parameter} is annotated as a number, and was given an array of shape {np.shape(value)}. "
                    "Leave the annotation out to transform the function for arrays."
                )
        return values

    if language == "c":
        program = DerivativeText({"diff_{}": write_c}, numbers=True)
        called = program.function("diff_{}", f, active, arrays)
        text = c_source(program)
        run = functools.lru_cache(lambda: compiled(program, text, called))
    else:
        writers: dict[str, Writer] = {"{}_forward": write_forward, "{}_reverse": write_reverse, "{}_vjp": write_vjp}
        program = DerivativeText(writers, single=mode == "reverse")
        program.function(f"{{}}_{mode}", f, active, arrays)
        text, function = program.source, program.run()
        run = functools.lru_cache(lambda: function)

    order = sorted(chosen)
    if mode == "forward":

        def forward(*arguments: Any, **named: Any) -> tuple[Any, Any]:
            seeds = arguments[count:] if len(arguments) >= count else ()
            values = given(arguments[:count], named)
            if not seeds and len(chosen) == 1 and not np.ndim(values[chosen[0]]):
                seeds = (1.0,)
            if len(seeds) != len(chosen) or any(
                np.shape(seed) != np.shape(values[k]) for seed, k in zip(seeds, chosen, strict=True)
            ):
                expected = [np.shape(values[k]) for k in chosen]
                raise SeedError(
                    f"The tangents have shapes {list(map(np.shape, seeds))}; expected one for each argument of "
                    f"wrt={wrt!r}, after the arguments of {source.name}, of shapes {expected}."
                )
            of = dict(zip(chosen, map(differentiable, seeds), strict=True))
            return run()(*values, *(of[k] for k in order))

        made: Any = forward
    else:

        def reverse(*arguments: Any, **named: Any) -> tuple[Any, Any]:
            value, gradient = run()(*given(arguments, named))
            gradients = unshared([differentiable(g) for g in ([gradient] if len(chosen) == 1 else gradient)])
            if np.ndim(value):
                raise NotScalarError(
                    f"{source.name} returned shape {np.shape(value)}; reverse mode needs one number. Sum over the "
                    "entries (np.sum), pick one (y[0]), or use mode='forward'."
                )
            of = dict(zip(order, gradients, strict=True))
            return value, tuple(of[k] for k in chosen) if isinstance(wrt, tuple) else gradients[0]

        made = reverse
    made.__name__ = made.__qualname__ = f"{source.name}_{mode}"
    made.__doc__ = f"Compute {source.name} and its derivative by the text in the attribute ``source``."
    made.source = text
    return made
