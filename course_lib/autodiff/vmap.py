"""vmap: a function of one row becomes a function of all rows, without a loop.

The function runs once, on batches (`overloading.batches`); what is done here is to find the rows of its arguments, and
to put those of its results where they shall be. Derivatives of each row come for free: ``vmap(grad(f))`` is one sweep
on batches.

The name and the meaning are JAX's.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError, in_words
from course_lib.autodiff.overloading.batches import Batched, BatchTrace, batched, refuse
from course_lib.autodiff.overloading.sweeps import as_array
from course_lib.autodiff.structures import CONTAINERS, is_structure, leaves_of, like, map_leaves, members_of
from course_lib.autodiff.traced import Traced, stacked


def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """Return the function that does f with each row of its arguments, in one run.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays, of one row.
    in_axes : int, or tuple of int or None for the arguments
        Along which axis the rows of each argument lie; None says that an argument is the same for all. In place of a
        number there may be a structure of them, built like the argument. Arguments by name have theirs along axis 0.
    out_axes : int, None, or structure of these
        Along which axis the rows of the results shall lie; None for a result that is the same for all, and has none.

    Returns
    -------
    callable
        Takes as many rows as one likes, the same number in every argument.

    Raises
    ------
    InputError
        If the arguments have no rows, or not equally many; if there is no such axis; if f computes complex numbers.
    ConcreteValueError
        If f asks for a plain number, by ``if``, ``float`` or a mask as index: each row might give another.

    Warns
    -----
    UserWarning
        Where an operation is done row by row in a Python loop, because there is no line for a batch: rules of a
        user, places that differ from row to row in an array of several axes.

    References
    ----------
    Frostig, Johnson and Leary: Compiling machine learning programs via high-level tracing. SysML 2018.

    Examples
    --------
    >>> x, w = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([1.0, -1.0])
    >>> vmap(np.dot, in_axes=(0, None))(x, w)
    array([-1., -1., -1.])
    >>> from course_lib.autodiff import grad
    >>> vmap(grad(lambda w, x: np.tanh(w @ x)), in_axes=(None, 0))(w, x).shape      # a gradient for each row
    (3, 2)
    """
    if not isinstance(in_axes, int | tuple | list) or isinstance(in_axes, bool):
        raise InputError(
            f"vmap was given in_axes={in_axes!r}; expected an axis, such as 0, or a tuple with an axis or None for "
            "each argument, such as (0, None); at least one must have rows."
        )

    @functools.wraps(f)
    def of_all_rows(*arguments: Any, **named: Any) -> Any:
        if isinstance(in_axes, tuple | list) and len(in_axes) != len(arguments):
            raise InputError(
                f"vmap was given in_axes for {len(in_axes)} arguments and called with {len(arguments)}. Expected as "
                "many, or one number for all."
            )
        given = (list(arguments), named)
        axes = leaves_of(spread_axes((in_axes if isinstance(in_axes, int) else list(in_axes), 0), given))
        leaves = leaves_of(given)
        rows = [x if a is no_axis else rows_first(x, a) for x, a in zip(leaves, axes, strict=True)]
        sizes = {x.shape[0] for x, a in zip(rows, axes, strict=True) if a is not no_axis}
        if len(sizes) != 1:
            found = f"{sorted(sizes)} rows" if sizes else "none, since in_axes is None for all"
            raise InputError(f"vmap needs as many rows in every argument, and found {found}.")
        trace = BatchTrace(sizes.pop())
        try:
            inputs = [x if a is no_axis else batched(x, trace) for x, a in zip(rows, axes, strict=True)]
            arguments, named = like(given, inputs)
            with in_words():
                y = f(*arguments, **named)
            ends = leaves_of(spread_axes(out_axes, y))
            return like(y, [result(leaf, trace, end) for leaf, end in zip(leaves_of(y), ends, strict=True)])
        except IndexError as error:
            if "only integers" not in str(error):
                raise
            refuse(f"An index of a plain array ({error})")
        finally:
            trace.close()

    return of_all_rows


no_axis = object()  # in place of None, which is no leaf


def spread_axes(axes: Any, structure: Any) -> Any:
    """Return an axis for each leaf of a structure, where one number may stand for many."""
    if axes is None or (isinstance(axes, int) and not isinstance(axes, bool)):
        return map_leaves(lambda _: no_axis if axes is None else axes, structure)
    parts, members = (members_of(x) if is_structure(x) else None for x in (axes, structure))
    alike = isinstance(axes, CONTAINERS) or type(axes) is type(structure)
    if parts is None or members is None or not alike or parts.keys() != members.keys():
        raise InputError(
            f"vmap was given the axes {axes!r} for {structure!r}. Expected numbers or None, built like it."
        )
    return [spread_axes(parts[key], member) for key, member in members.items()]


def rows_first(x: Any, axis: int) -> Any:
    """Return an array or traced value with its rows along the first axis."""
    x = stacked(x) if isinstance(x, list | np.ndarray) else x if isinstance(x, Traced) else np.asarray(x)
    if not -x.ndim <= axis < x.ndim or (not isinstance(x, Traced) and x.dtype.kind not in "fiub"):
        raise InputError(
            f"vmap goes over the rows along axis {axis} and was given {x!r}. Expected an array of real numbers with "
            "that axis; for an argument that is the same for all rows say in_axes=(..., None, ...)."
        )
    return np.moveaxis(x, axis, 0) if axis else x


def result(leaf: Any, trace: BatchTrace, end: Any) -> Any:
    """Return what a function gave back, with an axis for the rows, unless there shall be none."""
    y = as_array(leaf)
    rows = isinstance(y, Batched) and y.owner is trace
    ndim = np.ndim(y) + 1
    if end is no_axis:
        if rows:
            raise InputError("vmap was given out_axes=None for a result that may differ from row to row; give an axis.")
        return y
    if not -ndim <= end < ndim:
        raise InputError(
            f"vmap was given the axis {end} in out_axes for a result of shape {np.shape(y)} in each row; expected one "
            f"from {-ndim} to {ndim - 1}."
        )
    if rows:
        return np.moveaxis(y.value, 0, end) if end else y.value
    if not isinstance(y, Traced) and getattr(y, "dtype", np.dtype(object)).kind not in "fiub":
        raise InputError(f"f returned {leaf!r} ({type(leaf).__name__}); expected numbers or arrays of numbers.")
    made = np.moveaxis(np.broadcast_to(y, (trace.size, *np.shape(y))), 0, end)
    return made if isinstance(made, Traced) else made.copy()
