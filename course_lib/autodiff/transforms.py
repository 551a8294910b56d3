"""Transforms: functions in, functions of their derivatives out.

`jvp` and `vjp` are the two primitives: one forward sweep, J times a column of seeds, and one reverse sweep, a
row of seeds times J. The others are words for how to use them. All nest in any order. Arguments and results
may be structures: tuples, lists and dicts of arrays.
"""

import itertools
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError, LeakedTracerError, NotScalarError, SeedError, in_words
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.dual import Dual, ForwardTrace, dual
from course_lib.autodiff.overloading.tape import Node, Tape, unshared
from course_lib.autodiff.sparsity import compressed
from course_lib.autodiff.structures import leaves_of, like, map_leaves, same_structure
from course_lib.autodiff.traced import Trace, Traced, stacked

Function = Callable[..., Any]


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
        y, slope = jvp(lambda x: f(x, *others, **named), (x,), (np.ones(x.shape)[()],))
        for leaf in leaves_of(y):
            if x.ndim and np.shape(leaf) != x.shape:
                raise SeedError(
                    f"derivative was given an array of shape {x.shape}, and f returned shape {np.shape(leaf)}. "
                    "Expected an elementwise function; use grad for a function whose value is a number, else jacobian."
                )
        return slope

    derivative_of_f.argnums = 0  # type: ignore[attr-defined]  # what `jit` takes for a variable
    return derivative_of_f


def grad(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """Return the function that computes the gradient of f, by one reverse sweep.

    Parameters
    ----------
    f : callable
        A function whose value is one number.
    argnums : int or tuple of int
        Which arguments to differentiate with respect to. They may be structures of arrays.

    Returns
    -------
    callable
        Takes the arguments of f; returns what has the structure and shapes of the chosen argument, or a tuple of
        these if ``argnums`` is a tuple.

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
    """
    both = value_and_grad(f, positions(argnums))

    def gradient_of_f(*arguments: Any, **named: Any) -> Any:
        return both(*arguments, **named)[1]

    gradient_of_f.argnums = argnums  # type: ignore[attr-defined]  # what `jit` takes for variables
    return gradient_of_f


def value_and_grad(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """Return the function that computes ``(value, gradient)`` of f, by one reverse sweep.

    Parameters
    ----------
    f : callable
        A function whose value is one number.
    argnums : int or tuple of int
        As in `grad`.

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

    def value_and_gradient_of_f(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        chosen = choose(arguments, argnums)
        tape = Tape()
        with recording(tape):
            inputs = map_leaves(lambda leaf: tape.input(differentiable(leaf)), chosen)
            shapes = [x.value.shape for x in leaves_of(inputs)]
            y: Any = as_result(f(*replaced(arguments, argnums, inputs), **named), tape)
            if isinstance(y, dict | list | tuple) or y.shape != ():
                what = f"shape {y.shape}" if hasattr(y, "shape") else f"a {type(y).__name__}"
                raise NotScalarError(
                    f"grad needs a function whose value is one number, and f returned {what}. Sum over the entries "
                    "(np.sum), pick one (y[0]), or use jacobian."
                )
            del inputs
            gradients = swept(tape, y, y.dtype.type(1), shapes, keep=False)
        return value_of(y, tape), shaped(chosen, argnums, gradients)

    value_and_gradient_of_f.argnums = argnums  # type: ignore[attr-defined]  # what `jit` takes for variables
    return value_and_gradient_of_f


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
    primals, tangents = matching("jvp", primals, tangents)
    return pushed(f, primals, tangents, None)


def pushed(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...], count: int | None) -> tuple[Any, Any]:
    """Run f with one tangent for each primal, or with stacks of ``count`` tangents."""
    trace = ForwardTrace()
    try:
        inputs = map_leaves(lambda x, t: dual(x, t, trace), primals, tangents)
        with in_words():
            y = map_leaves(lambda leaf: as_result(leaf, trace), f(*inputs))
    finally:
        trace.close()

    def tangent_of(leaf: Any) -> Any:
        if isinstance(leaf, Dual) and leaf.owner is trace:
            return leaf.stack
        return np.zeros(np.shape(leaf) if count is None else (count, *np.shape(leaf)))[()]

    return map_leaves(lambda leaf: value_of(leaf, trace), y), map_leaves(tangent_of, y)


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
    tape = Tape()
    with recording(tape):
        inputs = map_leaves(lambda leaf: tape.input(np.positive(differentiable(leaf))), primals)
        tape.guard.forget()  # the copies are our own
        shapes = [x.value.shape for x in leaves_of(inputs)]
        y = map_leaves(lambda leaf: as_result(leaf, tape), f(*inputs))
        del inputs
        tape.guard.remember()
    value = map_leaves(lambda leaf: value_of(leaf, tape), y)

    def pullback(ybar: Any) -> tuple[Any, ...]:
        _, ybar = matching("pullback", value, ybar)
        tape.guard.compare()
        rows = [
            swept(tape, leaf, seed, shapes, keep=True) for leaf, seed in zip(leaves_of(y), leaves_of(ybar), strict=True)
        ]
        return like(primals, unshared([sum(column[1:], column[0]) for column in zip(*rows, strict=True)]))

    pullback.many_at_once = tape.takes_many()  # type: ignore[attr-defined]
    return value, pullback


def jacfwd(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """Return the function that computes the Jacobian of f by forward mode: all columns in one sweep.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays.
    argnums : int or tuple of int
        Which arguments to differentiate with respect to.

    Returns
    -------
    callable
        Takes the arguments of f; returns an array of shape ``y.shape + x.shape``. Where x or y are structures, each
        leaf of y holds x's structure of such arrays.

    Raises
    ------
    InputError
        If a chosen argument is not made of real numbers.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.1.

    Examples
    --------
    >>> jacfwd(lambda x: np.array([x[0] * x[1], x[0]]))(np.array([2.0, 5.0]))
    array([[5., 2.],
           [1., 0.]])
    """
    argnums = positions(argnums)

    def jacobian_of_f(*arguments: Any, **named: Any) -> Any:
        chosen = map_leaves(differentiable, choose(arguments, argnums))
        leaves = leaves_of(chosen)
        count, places, seeds = unit_seeds(leaves)
        _, columns = pushed(
            lambda *inputs: f(*replaced(arguments, argnums, inputs), **named), chosen, like(chosen, seeds), count
        )

        def block(stack: Any) -> Any:
            last = np.transpose(stack, (*range(1, stack.ndim), 0))
            parts = [
                np.reshape(last[..., place], last.shape[:-1] + x.shape) for x, place in zip(leaves, places, strict=True)
            ]
            return shaped(chosen, argnums, [p if isinstance(p, Traced) else np.array(p)[()] for p in parts])

        return map_leaves(block, columns)

    jacobian_of_f.argnums = argnums  # type: ignore[attr-defined]
    return jacobian_of_f


def jacrev(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """Return the function that computes the Jacobian of f by reverse mode: a sweep for each row, or one on stacks.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays.
    argnums : int or tuple of int
        Which arguments to differentiate with respect to.

    Returns
    -------
    callable
        As for `jacfwd`: an array of shape ``y.shape + x.shape``.

    Raises
    ------
    InputError, ChangedInPlaceError
        As `vjp`.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.2.

    Examples
    --------
    >>> jacrev(lambda x: np.array([x[0] * x[1], x[0]]))(np.array([2.0, 5.0]))
    array([[5., 2.],
           [1., 0.]])
    """
    argnums = positions(argnums)

    def jacobian_of_f(*arguments: Any, **named: Any) -> Any:
        chosen = choose(arguments, argnums)
        y, pullback = vjp(lambda *inputs: f(*replaced(arguments, argnums, inputs), **named), *chosen)
        leaves = leaves_of(y)
        count, places, seeds = unit_seeds(leaves)
        rows = pulled(pullback, y, seeds, count)
        blocks = [
            shaped(chosen, argnums, [np.reshape(row[place], np.shape(leaf) + row.shape[1:]) for row in rows])
            for leaf, place in zip(leaves, places, strict=True)
        ]
        return _along(y, blocks)

    jacobian_of_f.argnums = argnums  # type: ignore[attr-defined]
    return jacobian_of_f


def _along(y: Any, blocks: list[Any]) -> Any:
    """Put one block in the place of each leaf of y; a block may itself be a structure."""
    rest = iter(blocks)
    return map_leaves(lambda _: next(rest), y)


def jacobian(
    f: Function, argnums: int | tuple[int, ...] = 0, mode: str = "auto", sparsity: Any = None, check: bool = True
) -> Function:
    """Return the function that computes the Jacobian of f, by the mode that needs fewer sweeps.

    Parameters
    ----------
    f : callable
        A function of arrays, or of structures of arrays.
    argnums : int or tuple of int
        Which arguments to differentiate with respect to; one of them, an array, if ``sparsity`` is given.
    mode : "auto", "forward" or "reverse"
        "auto" evaluates f once to count its results, and takes reverse mode if they are fewer than the variables.
    sparsity : None, "detect" or boolean array of shape (y.size, x.size) or y.shape + x.shape
        Where the Jacobian can have entries. Columns (or rows) without a common row (or column) then share a sweep.
        "detect" finds it out anew at each call; it holds for the branches that f takes there.
    check : bool
        Whether a given pattern is tried by one more sweep, along a random direction; under `jit`, when it records.

    Returns
    -------
    callable
        Takes the arguments of f; returns an array of shape ``y.shape + x.shape``, as `jacfwd` and `jacrev` do.

    Raises
    ------
    ValueError
        If the mode or the word for the sparsity is unknown.
    SeedError
        If the sparsity pattern does not fit, or the Jacobian has entries elsewhere.
    InputError, ChangedInPlaceError
        As `jacfwd` and `jacrev`.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapters 3, 7 and 8.

    Examples
    --------
    >>> jacobian(lambda x: 3 * x)(np.array([2.0, 5.0]))
    array([[3., 0.],
           [0., 3.]])
    >>> jacobian(lambda x: x[1:] - x[:-1] ** 2, sparsity="detect")(np.array([1.0, 2.0, 3.0]))     # two sweeps
    array([[-2.,  1.,  0.],
           [ 0., -4.,  1.]])
    """
    if mode not in ("auto", "forward", "reverse"):
        raise ValueError(f"The mode is {mode!r}; expected 'auto', 'forward' or 'reverse'.")
    argnums = positions(argnums)

    def jacobian_of_f(*arguments: Any, **named: Any) -> Any:
        if sparsity is not None:
            choose(arguments, argnums)
            if isinstance(argnums, tuple):
                raise InputError("A sparse Jacobian is taken with respect to one array: give argnums as one number.")
            return compressed(
                lambda x: f(*replaced(arguments, argnums, (x,)), **named), arguments[argnums], sparsity, check
            )
        chosen_mode = mode
        if mode == "auto":
            chosen = map_leaves(differentiable, choose(arguments, argnums))
            y = map_leaves(as_result, f(*replaced(arguments, argnums, chosen), **named))
            results, variables = (sum(np.size(leaf) for leaf in leaves_of(one)) for one in (y, chosen))
            chosen_mode = "reverse" if results < variables else "forward"
        return (jacfwd if chosen_mode == "forward" else jacrev)(f, argnums)(*arguments, **named)

    jacobian_of_f.argnums = argnums  # type: ignore[attr-defined]
    return jacobian_of_f


def hessian(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """Return the function that computes the Hessian of f: forward mode over reverse mode.

    Parameters
    ----------
    f : callable
        A function whose value is one number.
    argnums : int or tuple of int
        Which arguments to differentiate with respect to.

    Returns
    -------
    callable
        Takes the arguments of f; returns an array of shape ``x.shape + x.shape``.

    Raises
    ------
    NotScalarError, InputError, ChangedInPlaceError
        As `grad`.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 5.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    """
    return jacfwd(grad(f, argnums), argnums)


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


# --- What the transforms share ---------------------------------------------------------------------------


def unit_seeds(leaves: list[Any]) -> tuple[int, list[slice], list[Any]]:
    """Return how many entries the leaves have, which of them are each leaf's, and for each leaf a stack of seeds.

    Seed i is 1 in entry i, counted through all leaves, and 0 in the others.
    """
    ends = list(itertools.accumulate([np.size(x) for x in leaves]))
    places = [slice(end - np.size(x), end) for x, end in zip(leaves, ends, strict=True)]
    count = ends[-1] if ends else 0
    eye = np.eye(count)
    stacks = [np.ascontiguousarray(eye[:, p]) for p in places]
    return count, places, [np.reshape(s, (count, *np.shape(x))) for s, x in zip(stacks, leaves, strict=True)]


def pulled(pullback: Any, y: Any, seeds: list[Any], count: int) -> list[Any]:
    """Return for each primal's leaf the stack of what a pullback makes of stacks of seeds, one for each leaf of y.

    A pullback is linear: its derivative along a seed is what it makes of that seed. So one sweep on dual numbers, with
    the seeds as tangents, does the work of many; lines of numbers, which cost least, are better swept one by one.
    """
    zeros = like(y, [np.zeros(np.shape(leaf))[()] for leaf in leaves_of(y)])
    parts = []
    if count == 0:
        parts.append([np.zeros((0, *np.shape(g))) for g in leaves_of(pullback(zeros))])
    elif pullback.many_at_once and count >= MANY_SEEDS:
        for begin in range(0, count, STACK):
            some = like(y, [s[begin : begin + STACK] for s in seeds])
            parts.append(leaves_of(pushed(pullback, (zeros,), (some,), min(STACK, count - begin))[1]))
    else:
        rows = [leaves_of(pullback(like(y, [s[i] for s in seeds]))) for i in range(count)]
        parts.append([np.stack(column) for column in zip(*rows, strict=True)])
    return [np.concatenate(column) if len(column) > 1 else column[0] for column in zip(*parts, strict=True)]


MANY_SEEDS = 4  # from which on one sweep on dual numbers costs less than one for each
STACK = 128  # seeds at once: what a sweep holds is that many times larger


@contextmanager
def recording(tape: Tape) -> Any:
    """Close the tape at the end, give back the arrays that it guards, and explain NumPy's refusal to write there."""
    try:
        with in_words():
            yield
    except ValueError as error:
        tape.guard.explain(error)
        raise
    finally:
        tape.close()
        tape.guard.release()


def swept(tape: Tape, y: Any, seed: Any, shapes: list[tuple[int, ...]], keep: bool) -> list[Any]:
    """Return the cotangents of all inputs; zeros for those that y does not depend on."""
    found = (
        tape.sweep(y.line, seed, len(shapes), keep) if isinstance(y, Node) and y.owner is tape else [None] * len(shapes)
    )
    return unshared([np.zeros(shape) if g is None else g for g, shape in zip(found, shapes, strict=True)])


def as_array(y: Any) -> Any:
    """Return what a function returned as a number, an array or a traced value; a structure as it is."""
    if isinstance(y, np.ndarray) and y.dtype == object:
        return stacked(y)
    return y if isinstance(y, Traced | dict | list | tuple) else np.asarray(y)[()]


def as_result(y: Any, trace: Trace | None = None) -> Any:
    """Return the same of a function that a trace differentiates, if it has a derivative there."""
    given, y = y, as_array(y)
    if isinstance(y, dict | list | tuple):
        return y
    if isinstance(y, Traced) and trace is not None and y.owner.level > trace.level:
        raise LeakedTracerError(
            f"f returned {y!r}, a dual number or traced value that was made inside of f, whose derivative is not that "
            "with respect to f's arguments. Expected a number or an array: return its .value or its .tangent."
        )
    if getattr(y, "dtype", _OBJECT).kind not in "fiub":
        what = f"f returned {given!r} ({type(given).__name__}); expected a real number or an array of real numbers."
        slip = "Does f end without a return statement?" if given is None else "Call it." if callable(given) else ""
        raise InputError(f"{what} {slip}".rstrip())
    return y


_OBJECT = np.dtype(object)


def value_of(y: Any, trace: Trace) -> Any:
    """Return a result as it is outside of a trace."""
    return y.value if isinstance(y, Traced) and y.owner is trace else y


def choose(arguments: tuple[Any, ...], argnums: int | tuple[int, ...]) -> tuple[Any, ...]:
    """Return the arguments that are differentiated."""
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    if any(not -len(arguments) <= number < len(arguments) for number in numbers):
        raise InputError(
            f"argnums is {argnums}, and the function was called with {len(arguments)} arguments by position. Expected "
            "numbers from 0; pass what is differentiated by position, not by name."
        )
    if len({number % len(arguments) for number in numbers}) < len(numbers):
        raise InputError(f"argnums is {argnums}, which names an argument twice. Name each once.")
    return tuple(arguments[number] for number in numbers)


def positions(argnums: Any) -> Any:
    """Return argnums if it is an int, or a tuple of ints."""
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    if not all(isinstance(number, int | np.integer) and not isinstance(number, bool) for number in numbers):
        example = tuple(argnums) if isinstance(argnums, list) else (0, 1)
        raise InputError(
            f"argnums is {argnums!r}; expected the position of an argument, such as 0, or a tuple of positions, such "
            f"as {example}."
        )
    return argnums


def replaced(arguments: tuple[Any, ...], argnums: int | tuple[int, ...], inputs: Any) -> tuple[Any, ...]:
    """Return the arguments with the differentiated ones replaced."""
    made = list(arguments)
    for number, value in zip(argnums if isinstance(argnums, tuple) else (argnums,), inputs, strict=True):
        made[number] = value
    return tuple(made)


def shaped(chosen: tuple[Any, ...], argnums: int | tuple[int, ...], leaves: list[Any]) -> Any:
    """Return leaves in the structure of what was chosen; a tuple only if argnums is one."""
    made = like(chosen, leaves)
    return made if isinstance(argnums, tuple) else made[0]


def matching(who: str, primals: Any, seeds: Any) -> tuple[Any, Any]:
    """Return primals and seeds as real arrays, if they have the same structure and shapes."""
    if not same_structure(primals, seeds):
        raise SeedError(
            f"{who} was given seeds that are not built like what they belong to: {seeds!r} for {primals!r}. Expected "
            "the same tuples, lists and dicts, with an array for each array."
        )
    primals, seeds = map_leaves(differentiable, primals), map_leaves(lambda _, s: differentiable(s), primals, seeds)
    for x, seed in zip(leaves_of(primals), leaves_of(seeds), strict=True):  # both in the order of the primals
        if x.shape != seed.shape:
            raise SeedError(f"{who} was given a seed of shape {seed.shape}; expected {x.shape}, that of its value.")
    return primals, seeds
