"""Taylor arithmetic: all derivatives up to an order, in time that grows with its square.

Along with its value, every number carries the coefficients of a power series in a step s. Sums add them, a
product is a sum over pairs of degrees, and everything else follows from the table of rules: if dy/dx is
phi(x, y), then y' = phi(x, y) x' as series in s, which compares coefficients to

    k y_k = sum over j = 1..k of  j x_j phi_(k-j).

To know y_k one needs phi only up to degree k - 1, and so y only up to k - 1: phi is a series whose
coefficients are computed when asked for, and the two grow together. So it is with every rule that has a forward line,
y' = F(x', y, x): n y_n is F's coefficient of degree n - 1. Differentiating a derivative of a
derivative would cost twice as much with each order; this costs one more row of a triangle.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), chapter 13, tables 13.1 and 13.2.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.errors import NoRuleError, NotDifferentiableError, in_words
from course_lib.autodiff.overloading.differentiable import differentiable
from course_lib.autodiff.overloading.numpy_protocol import TracedArray, TracedNumber
from course_lib.autodiff.overloading.selection import SelectionTrace, repaired, seeded, spoiled, unmasked
from course_lib.autodiff.overloading.sweeps import as_results, float_type
from course_lib.autodiff.rules.forms import (
    UFUNCS,
    Elementwise,
    General,
    JointlyLinear,
    Linear,
    Multilinear,
    Rule,
    product,
)
from course_lib.autodiff.rules.spectra import regular_inverse
from course_lib.autodiff.structures import leaves_of, like, map_leaves
from course_lib.autodiff.traced import Trace, Traced, apply, carry, carrying, plain, real

Function = Callable[..., Any]


class TaylorTrace(Trace):
    """One run on power series, whose coefficients are computed up to a degree."""

    __slots__ = ("building", "order")

    def __init__(self, order: int) -> None:
        super().__init__()
        self.order, self.building = order, False

    def record(self, rule: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Compute the value, and the other coefficients: at once, or inside a phi when they are asked for."""
        mine = [k for k, x in enumerate(operands) if isinstance(x, Series) and x.owner is self]
        functions = operands[mine[0]].functions if len(operands) == 1 and not parameters else {}
        if rule in functions:  # sine and cosine, each of which is in the other's phi, are a pair
            return functions[rule]
        values = tuple(x.value if k in mine else x for k, x in enumerate(operands))
        y = functions[rule] = series(apply(rule, values, parameters), self)
        real(y, rule)
        y.follow = self.recurrence(rule, y, operands, mine, parameters)
        if not self.building:
            y.at(self.order)
        return y

    def recurrence(
        self, rule: Rule, y: Any, operands: tuple[Any, ...], mine: list[int], parameters: dict[str, Any]
    ) -> Callable[[int], Any]:
        """Return the function that computes y_n, for n >= 1, from coefficients of the operands and lower ones of y."""

        def with_coefficients(degrees: dict[int, int]) -> Any:
            return rule(*(x.at(degrees[k]) if k in degrees else x for k, x in enumerate(operands)), **parameters)

        if isinstance(rule, JointlyLinear):
            zeros = [np.zeros(np.shape(x)) for x in operands]
            return lambda n: rule(*(x.at(n) if k in mine else zeros[k] for k, x in enumerate(operands)), **parameters)
        if isinstance(rule, Linear) or (isinstance(rule, Multilinear) and len(mine) == 1):
            return lambda n: with_coefficients({mine[0]: n})
        if isinstance(rule, Multilinear) and len(mine) == 2:
            return lambda n: sum(with_coefficients({mine[0]: j, mine[1]: n - j}) for j in range(n + 1))
        if rule is UFUNCS[np.divide]:
            return quotient(y, *operands)
        if rule in (UFUNCS[np.power], UFUNCS[np.float_power]):
            return self.inside(lambda: power(y, *operands))
        if isinstance(rule, Elementwise):
            partials = functools.cache(  # when they are asked for: that of a Bessel function is two of these, and so on
                lambda: self.inside(lambda: [(rule.partial(k, operands, y), operands[k]) for k in mine])
            )
            return lambda n: sum(contribution(partial, x, n) for partial, x in partials())
        if rule is rules.solve:
            return solution(y, *operands)
        if rule in (rules.inverse, regular_inverse):
            return solution(y, operands[0], np.eye(y.shape[-1]))
        if rule.linear_first and mine == [0]:
            return lambda n: with_coefficients({0: n})
        if rule is rules.determinant:
            return self.inside(lambda: determinant(y, operands[0]))
        if isinstance(rule, General):

            def build() -> Any:
                tangents = tuple(self.slope(x) if k in mine else None for k, x in enumerate(operands))
                return rule.forward(tangents, y, operands, parameters)

            # When it is asked for: the slope of how cofactors change, for one, is made of such changes again.
            slope = functools.cache(lambda: self.inside(build))
            return lambda n: coefficient(slope(), n - 1, self) / n
        raise NoRuleError(
            f"taylor met {rule.name}, for which there is no recurrence. Expected products of two factors: "
            "write several of them; for a few orders, nest derivative instead."
        )

    def slope(self, x: Any) -> Any:
        """Return the series x', whose coefficient of degree n is (n + 1) x_(n+1)."""
        made = series(x.at(1), self)
        made.follow = lambda n: (n + 1) * x.at(n + 1)
        return made

    def inside(self, build: Callable[[], Any]) -> Any:
        """Build series whose coefficients wait until they are asked for."""
        before, self.building = self.building, True
        try:
            return build()
        finally:
            self.building = before


class Series(TracedNumber):
    """A power series: its value is the coefficient of degree 0, and the others follow."""

    __slots__ = ("follow", "functions", "known")
    known: list[Any]
    follow: Callable[[int], Any]
    functions: dict[Rule, Any]

    def at(self, n: int) -> Any:
        """Return the coefficient of degree n."""
        while len(self.known) <= n:
            following = self.follow(len(self.known))
            if not hasattr(following, "dtype"):  # the 0.0 of what does not move, which must be a number of NumPy's
                following = self.value.dtype.type(following)
            same = np.shape(following) == self.value.shape
            self.known.append(following if same else np.broadcast_to(following, self.value.shape))
        return self.known[n]

    def __repr__(self) -> str:
        return " + ".join(f"{c} s^{k}" if k else str(c) for k, c in enumerate(self.known))


class SeriesArray(Series, TracedArray):
    """A `Series` with at least one axis."""

    __slots__ = ("whole",)


def series(value: Any, trace: Trace) -> Any:
    """Return a series of which only the value is known."""
    made: Any = object.__new__(SeriesArray if value.ndim else Series)
    made.value, made.owner, made.known, made.functions = value, trace, [value], {}
    return made


def contribution(partial: Any, x: Any, n: int) -> Any:
    """Return the coefficient of degree n of the integral of phi(x, y) x'; phi may be a constant."""
    if not isinstance(partial, Series) or partial.owner is not x.owner:
        return product(x.at(n), partial)
    return sum(j * x.at(j) * partial.at(n - j) for j in range(1, n + 1)) / n


def coefficient(x: Any, n: int, owner: Trace) -> Any:
    """Return a coefficient of a series or a constant."""
    return x.at(n) if isinstance(x, Series) and x.owner is owner else 0.0


def quotient(y: Any, a: Any, b: Any) -> Callable[[int], Any]:
    """From y b = a: y_n = (a_n - sum over j = 1..n of b_j y_(n-j)) / b_0."""
    owner = y.owner
    b_0 = b.value if isinstance(b, Series) and b.owner is owner else b
    return lambda n: (
        (coefficient(a, n, owner) - sum(coefficient(b, j, owner) * y.at(n - j) for j in range(1, n + 1))) / b_0
    )


def solution(y: Any, a: Any, b: Any) -> Callable[[int], Any]:
    """From a y = b, with matrices: y_n solves a_0 y_n = b_n - sum over j = 1..n of a_j y_(n-j)."""
    owner = y.owner
    moves = isinstance(a, Series) and a.owner is owner
    a_0 = a.value if moves else a

    def follow(n: int) -> Any:
        right = np.zeros(y.shape) + coefficient(b, n, owner)
        return np.linalg.solve(a_0, right - sum(a.at(j) @ y.at(n - j) for j in range(1, n + 1)) if moves else right)

    return follow


def determinant(y: Any, a: Any) -> Callable[[int], Any]:
    """From y' = y tr(a^-1 a'); where a_0 is close to singular by products and traces alone (Faddeev and LeVerrier)."""
    owner, a_0 = y.owner, plain(a.value)
    n = a.shape[-1]
    if isinstance(a_0, Traced) or n == 0 or np.all(np.linalg.cond(a_0) < 1e6):
        slope = y * np.sum(np.swapaxes(np.linalg.inv(a), -1, -2) * owner.slope(a), axis=(-2, -1))
        return lambda k: coefficient(slope, k - 1, owner) / k
    m, c = np.eye(n), -np.trace(a, 0, -2, -1)
    for k in range(2, n + 1):
        m = a @ m + np.expand_dims(c, (-2, -1)) * np.eye(n)
        c = -np.trace(a @ m, 0, -2, -1) / k
    return (c if n % 2 == 0 else -c).at


def power(y: Any, a: Any, b: Any) -> Callable[[int], Any]:
    """From y' a = b y a': n a_0 y_n = sum over j = 1..n of (b j - (n - j)) a_j y_(n-j); whole powers by products."""
    if isinstance(b, Series) and b.owner is y.owner:
        return np.exp(b * np.log(a)).at
    if np.ndim(b) == 0 and 0 <= b <= 2**16 and b == int(b):
        whole: Any = None
        for digit in bin(int(b))[2:]:
            whole = None if whole is None else whole * whole
            if digit == "1":
                whole = a if whole is None else whole * a
        return (lambda n: 0.0) if whole is None else whole.at

    def follow(n: int) -> Any:
        a_0 = a.value
        zero = False if isinstance(plain(a_0), Traced) else np.logical_and(plain(a_0) == 0, np.asarray(plain(b)) > 0)
        if not np.any(zero):
            return sum((b * j - (n - j)) * a.at(j) * y.at(n - j) for j in range(1, n + 1)) / (n * a_0)
        if n > np.min(np.broadcast_to(plain(b), np.shape(zero))[zero]):
            raise NotDifferentiableError(
                f"taylor was asked for order {n} of a power with exponent {b} at 0: its derivatives are finite only "
                f"up to order {int(np.min(b))}. Ask for a lower order, or expand at another point."
            )
        apart = np.where(zero, 1.0, a_0)
        terms = sum((b * j - (n - j)) * a.at(j) * y.at(n - j) for j in range(1, n + 1))
        return np.where(zero, 0.0, terms / (n * apart))

    return follow


def taylor(f: Function, x: Any, order: int) -> Any:
    """Return the Taylor coefficients f^(k)(x) / k! of f at x, for k = 0..order.

    Parameters
    ----------
    f : callable
        A function of a number; or an elementwise function of an
        array, all of whose entries move together.
    x : float or ndarray
        The point of the expansion.
    order : int
        The highest degree, at least 0.

    Returns
    -------
    ndarray, shape (order + 1,) + shape of f(x)
        The coefficients. Times k!, they are the derivatives.

    Raises
    ------
    InputError
        If x is not real.
    NoRuleError
        If f uses an operation without a recurrence: a product of three or more factors that move, in one einsum.
    ValueError
        If the order is negative or not whole.

    References
    ----------
    Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 13.2.

    Examples
    --------
    >>> taylor(lambda x: 1 / (1 - x), 0.0, 4)
    array([1., 1., 1., 1., 1.])
    >>> import math
    >>> taylor(np.sin, 0.0, 5) * [math.factorial(k) for k in range(6)]
    array([ 0.,  1.,  0., -1.,  0.,  1.])
    """
    if order != int(order) or order < 0:
        raise ValueError(f"The order is {order!r}; expected a whole number, at least 0.")
    coefficients = expanded(f, x, int(order))
    values = [leaf[0] for leaf in leaves_of(coefficients)]
    if not carrying() and spoiled(values, leaves_of(coefficients)):
        with carry():
            again = expanded(f, x, int(order))
        coefficients = like(coefficients, repaired(values, leaves_of(coefficients), leaves_of(again)))
    return coefficients


def expanded(f: Function, x: Any, order: int) -> Any:
    """Run f once on power series, and return the coefficients of its result."""
    selection = SelectionTrace() if carrying() else None
    trace = TaylorTrace(order)
    try:
        start = series(differentiable(x), trace)
        one = start.value.dtype.type(1)
        start.follow = lambda n: one if n == 1 else 0 * one
        if selection is not None:
            start.follow = lambda n: seeded(one if n == 1 else 0 * one, selection)
        start.at(order)
        with in_words():
            y = as_results(f(start), trace)
    finally:
        trace.close()
        if selection is not None:
            selection.close()

    def coefficients(leaf: Any) -> Any:
        if isinstance(leaf, Series) and leaf.owner is trace:
            return np.stack([unmasked(one, selection) if selection else one for one in leaf.known])
        return np.stack([leaf] + [np.zeros(np.shape(leaf), float_type(leaf))] * order)

    return map_leaves(coefficients, y)
