"""Jacobians and Hessians: all first, or all second, derivatives of a function in one array.

Forward mode gives a column for each seed, reverse mode a row; both take stacks of seeds in one sweep. `jacobian` picks
the mode that needs fewer, and fewer still if it knows where the zeros are.
"""

from typing import Any

import numpy as np

from course_lib.autodiff.errors import InputError
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.sweeps import (
    Function,
    as_results,
    choose,
    positions,
    pulled,
    pushed,
    replaced,
    shaped,
    unit_seeds,
)
from course_lib.autodiff.sparsity import compressed
from course_lib.autodiff.structures import leaves_of, like, map_leaves
from course_lib.autodiff.traced import Traced
from course_lib.autodiff.transforms import grad, vjp


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
    f: Function,
    argnums: int | tuple[int, ...] = 0,
    mode: str = "auto",
    sparsity: Any = None,
    check: bool = True,
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
    sparsity : None, "detect", SciPy's sparse matrix, or boolean array of shape (y.size, x.size) or y.shape + x.shape
        Where the Jacobian can have entries. Columns (or rows) without a common row (or column) then share a sweep.
        "detect" finds it out anew at each call; it holds for the branches that f takes there.
    check : bool
        Whether a given pattern is tried by one more seed, along a random direction; under `jit`, when it records.

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
    if isinstance(sparsity, str) and sparsity != "detect":
        raise ValueError(f"sparsity is {sparsity!r}; expected a boolean array, 'detect' or None.")
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
            chosen = map_leaves(lambda leaf: np.positive(differentiable(leaf)), choose(arguments, argnums))
            y = as_results(f(*replaced(arguments, argnums, chosen), **named))
            results, variables = (sum(np.size(leaf) for leaf in leaves_of(one)) for one in (y, chosen))
            chosen_mode = "reverse" if results < variables else "forward"
        return (jacfwd if chosen_mode == "forward" else jacrev)(f, argnums)(*arguments, **named)

    jacobian_of_f.argnums = argnums  # type: ignore[attr-defined]
    return jacobian_of_f


def hessian(f: Function, argnums: int | tuple[int, ...] = 0, sparsity: Any = None, check: bool = True) -> Function:
    """Return the function that computes the Hessian of f: forward mode over reverse mode.

    Parameters
    ----------
    f : callable
        A function whose value is one number.
    argnums : int or tuple of int
        Which arguments to differentiate with respect to.
    sparsity, check
        As in `jacobian`, for the Hessian is the Jacobian of the gradient: columns that share no row share a sweep.

    Returns
    -------
    callable
        Takes the arguments of f; returns an array of shape ``x.shape + x.shape``.

    Raises
    ------
    NotScalarError, InputError, ChangedInPlaceError, SeedError
        As `grad` and `jacobian`.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 5.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    >>> hessian(lambda x: np.sum(x**3), sparsity="detect")(np.array([1.0, 3.0]))     # one sweep
    array([[ 6.,  0.],
           [ 0., 18.]])
    """
    if sparsity is not None:
        return jacobian(grad(f, argnums), argnums, sparsity=sparsity, check=check)
    return jacfwd(grad(f, argnums), argnums)
