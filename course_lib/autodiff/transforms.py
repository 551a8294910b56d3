"""Transforms: functions in, functions of their derivatives out.

`jvp` and `vjp` are the two primitives: one forward sweep, J times a column of seeds, and one reverse sweep, a
row of seeds times J. The others are words for how to use them. All nest in any order. Arguments and results
may be structures: tuples, lists and dicts of arrays.
"""

from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError, NotScalarError, SeedError
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.selection import repaired, spoiled
from course_lib.autodiff.overloading.sweeps import (
    Function,
    as_result,
    as_results,
    choose,
    float_type,
    matching,
    no_none,
    positions,
    pushed,
    recording,
    replaced,
    shaped,
    swept,
    value_of,
)
from course_lib.autodiff.overloading.tape import Tape, unshared
from course_lib.autodiff.rules.table import held
from course_lib.autodiff.structures import is_structure, leaves_of, like, map_leaves
from course_lib.autodiff.traced import Traced, carry, carrying, stacked


def derivative(f: Function) -> Function:
    """Return the derivative f' of a function of one real number, by forward mode.

    Parameters
    ----------
    f : callable
        A function of a number, whose value is a number or an array; or an elementwise function of an array.

    Returns
    -------
    callable
        x -> f'(x), of the shape of f(x). Further arguments are passed on to f.

    Raises
    ------
    InputError
        If x is not real.
    SeedError
        If x is an array, and f(x) has another shape: then f is not elementwise, and its derivative is a Jacobian.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.1.

    Examples
    --------
    >>> derivative(np.sin)(0.0)
    np.float64(1.0)
    >>> derivative(lambda x: x**3)(2)
    np.float64(12.0)
    >>> derivative(derivative(lambda x: x**3))(2)
    np.float64(12.0)
    """

    def derivative_of_f(x: Any, *others: Any, **named: Any) -> Any:
        x = differentiable(x)
        y, slope = jvp(lambda x: f(x, *others, **named), (x,), (np.ones(x.shape, x.dtype)[()],))
        for leaf in leaves_of(y):
            if x.ndim and np.shape(leaf) != x.shape:
                raise SeedError(
                    f"derivative was given an array of shape {x.shape}, and f returned shape {np.shape(leaf)}. "
                    "Expected an elementwise function; use grad for a function whose value is a number, else jacobian."
                )
        return slope

    derivative_of_f.argnums = 0  # type: ignore[attr-defined]  # what `jit` takes for a variable
    return derivative_of_f


def grad(f: Function, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Function:
    """Return the function that computes the gradient of f, by one reverse sweep.

    Parameters
    ----------
    f : callable
        A function whose value is one number.
    argnums : int or tuple of int
        Which arguments to differentiate with respect to. They may be structures of arrays.
    has_aux : bool
        Whether f returns a pair, the value that is differentiated and whatever else is wanted from the same run.

    Returns
    -------
    callable
        Takes the arguments of f; returns what has the structure and shapes of the chosen argument, or a tuple of
        these if ``argnums`` is a tuple. With ``has_aux`` a pair, the gradient and what else f returned.

    Raises
    ------
    NotScalarError
        If the value of f is not one number.
    InputError
        If a chosen argument is not made of real numbers.
    ChangedInPlaceError
        If f overwrites an array that it has used with a traced value.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.2.

    Examples
    --------
    >>> grad(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    array([2., 4.])
    >>> grad(lambda p: p["a"] * p["b"])({"a": 2.0, "b": 5.0})
    {'a': np.float64(5.0), 'b': np.float64(2.0)}
    >>> grad(lambda x: (x * x, "squared"), has_aux=True)(3.0)
    (np.float64(6.0), 'squared')
    """
    both = value_and_grad(f, positions(argnums), has_aux)

    def gradient_of_f(*arguments: Any, **named: Any) -> Any:
        value, gradient = both(*arguments, **named)
        return (gradient, value[1]) if has_aux else gradient

    gradient_of_f.argnums = argnums  # type: ignore[attr-defined]  # what `jit` takes for variables
    return gradient_of_f


def value_and_grad(f: Function, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Function:
    """Return the function that computes ``(value, gradient)`` of f, by one reverse sweep.

    Parameters
    ----------
    f : callable
        A function whose value is one number.
    argnums : int or tuple of int
        As in `grad`.
    has_aux : bool
        As in `grad`; the value is then the pair that f returned.

    Returns
    -------
    callable
        Takes the arguments of f; returns f's value, and the gradient as `grad` does.

    Raises
    ------
    NotScalarError, InputError, ChangedInPlaceError
        As `grad`.

    Examples
    --------
    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 5.0)
    (np.float64(10.0), (np.float64(5.0), np.float64(2.0)))
    """
    argnums = positions(argnums)

    def once(arguments: Any, named: Any) -> tuple[Any, Any]:
        chosen = choose(arguments, argnums)
        tape = Tape()
        with recording(tape):
            inputs = map_leaves(lambda leaf: tape.input(differentiable(leaf)), chosen)
            kinds = [(x.value.shape, x.value.dtype) for x in leaves_of(inputs)]
            y: Any = f(*replaced(arguments, argnums, inputs), **named)
            if has_aux:
                y, aux = value_and_more(y)
                aux = map_leaves(joined, aux)
            y = as_result(y, tape)
            if is_structure(y) or y.shape != ():
                what = f"shape {y.shape}" if hasattr(y, "shape") else f"a {type(y).__name__}"
                raise NotScalarError(
                    f"grad needs a function whose value is one number, and f returned {what}. Sum over the entries "
                    "(np.sum), pick one (y[0]), or use jacobian."
                )
            del inputs
            gradients = swept(tape, [y], [float_type(y).type(1)], kinds, keep=False)
        value = value_of(y, tape)
        return (value, map_leaves(lambda leaf: value_of(leaf, tape), aux)) if has_aux else value, gradients

    def value_and_gradient_of_f(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        y, gradients = once(arguments, named)
        value = [y[0] if has_aux else y]
        if not carrying() and spoiled(value, gradients):
            with carry():
                y, again = once(arguments, named)
            gradients = repaired(value, gradients, again)
        return y, shaped(choose(arguments, argnums), argnums, gradients)

    value_and_gradient_of_f.argnums = argnums  # type: ignore[attr-defined]  # what `jit` takes for variables
    return value_and_gradient_of_f


def joined(leaf: Any) -> Any:
    """Return what was made by np.array of traced values as one of them; anything else as it is."""
    traced = isinstance(leaf, np.ndarray) and leaf.dtype == object and any(isinstance(x, Traced) for x in leaf.flat)
    return stacked(leaf) if traced else leaf


def value_and_more(returned: Any) -> tuple[Any, Any]:
    """Return what a function returned that has_aux says to return a pair, if it is one."""
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise NotScalarError(
            f"has_aux says that f returns a pair, its value and what else is wanted; f returned {returned!r}. Return "
            "such a pair, or leave out has_aux."
        )
    return returned


def stop_gradient(x: Any) -> Any:
    """Return x as a constant: its value, with derivative 0 in every mode and order.

    Parameters
    ----------
    x : array or structure of arrays
        What is to be used and not differentiated.

    Returns
    -------
    array or structure of arrays
        The same numbers.

    Examples
    --------
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    np.float64(3.0)
    """
    return map_leaves(lambda leaf: held(stacked(leaf) if isinstance(leaf, np.ndarray) else leaf), x)


def jvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """Run f forward once, with tangents: the Jacobian times a column of seeds.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays.
    primals : tuple
        The arguments of f.
    tangents : tuple
        The seeds, of the same structures and shapes.

    Returns
    -------
    tuple (y, ydot)
        The value of f, and its derivative along the tangents, of the same structure and shapes.

    Raises
    ------
    SeedError
        If tangents and primals do not match.
    InputError
        If primals or tangents are not made of real numbers.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.1.

    Examples
    --------
    >>> jvp(lambda x: x[0] * x[1], (np.array([2.0, 5.0]),), (np.array([1.0, 0.0]),))
    (np.float64(10.0), np.float64(5.0))
    """
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, tuple | list):
            raise InputError(
                f"jvp was given {name} of type {type(given).__name__}; expected tuples, with one entry for each "
                "argument of f: jvp(f, (x,), (v,))."
            )
    no_none(tuple(primals))
    primals, tangents = matching("jvp", primals, tangents)
    y, ydot = pushed(f, primals, tangents, None)
    return y, like(ydot, unshared(leaves_of(ydot), leaves_of(tangents)))


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """Run f once, and return its value and its pullback: a row of seeds times the Jacobian.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays.
    *primals
        The arguments of f. They are copied: what happens to them later does not matter to the pullback.

    Returns
    -------
    tuple (y, pullback)
        ``pullback(ybar)`` makes one reverse sweep from the seed ybar, which has y's structure and shapes, and returns
        a tuple, one cotangent for each primal. It can be called again: sweeps do not disturb each other. The
        memory of the tape is freed with the pullback.

    Raises
    ------
    InputError
        If a primal is not made of real numbers.
    SeedError
        (by the pullback) If ybar does not match y.
    ChangedInPlaceError
        If an array that f used with a traced value is overwritten, in f or before the pullback is called.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.2.

    Examples
    --------
    >>> y, pullback = vjp(lambda x, w: x @ w, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> y
    np.float64(11.0)
    >>> pullback(1.0)
    (array([3., 4.]), array([1., 2.]))
    """
    no_none(primals)
    tape = Tape()
    with recording(tape):
        inputs = map_leaves(lambda leaf: tape.input(np.positive(differentiable(leaf))), primals)
        tape.guard.forget()  # the copies are our own
        kinds = [(x.value.shape, x.value.dtype) for x in leaves_of(inputs)]
        y = as_results(f(*inputs), tape)
        del inputs
        tape.guard.remember()
    value = map_leaves(lambda leaf: value_of(leaf, tape), y)

    def pulled(ybar: Any) -> list[Any]:
        _, ybar = matching("pullback", value, ybar)
        tape.guard.compare()
        return swept(tape, leaves_of(y), leaves_of(ybar), kinds, keep=True)

    def pullback(ybar: Any) -> tuple[Any, ...]:
        found = pulled(ybar)
        if not carrying() and spoiled(leaves_of(value), found):
            with carry():
                again = pulled(ybar)
            found = repaired(leaves_of(value), found, again)
        return like(primals, found)

    pullback.once = pulled  # type: ignore[attr-defined]  # one sweep, whatever it gives
    pullback.many_at_once = tape.takes_many()  # type: ignore[attr-defined]
    return value, pullback


def hvp(f: Function, x: Any, v: Any) -> Any:
    """Return the Hessian of f at x times v, without the Hessian: a forward sweep over a reverse sweep.

    Parameters
    ----------
    f : callable
        A function of one argument, whose value is one number.
    x, v : arrays or structures of arrays
        The point and the direction, of the same shapes.

    Returns
    -------
    array or structure of arrays
        The derivative of the gradient along v, with x's structure and shapes.

    Raises
    ------
    NotScalarError, InputError, SeedError, ChangedInPlaceError
        As `grad` and `jvp`.

    References
    ----------
    Pearlmutter: Fast exact multiplication by the Hessian. Neural Computation 6 (1994) 147-160.

    Examples
    --------
    >>> hvp(lambda x: x[0] ** 2 * x[1], np.array([1.0, 3.0]), np.array([1.0, 0.0]))
    array([6., 2.])
    """
    return jvp(grad(f), (x,), (v,))[1]
