"""Symbols: rules as text. A line of the table, called with symbols in place of numbers, writes itself down.

``lambda x, y: 1 / (1 + x * x)`` called with the symbol w3 is the text ``1 / (1 + w3 * w3)``. So what a table or a
program shows is the rule that computes, and cannot say anything else.
"""

from typing import Any

import numpy as np

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_COMPARISON = -1


class Symbol:
    """A text that stands for a value, and how tightly its outermost operation binds."""

    __slots__ = ("binds", "text")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str, binds: int = _ATOM) -> None:
        self.text, self.binds = text, binds

    def __str__(self) -> str:
        return self.text

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if ufunc.__name__ in _OPERATORS:
            return _OPERATORS[ufunc.__name__](*inputs)
        return Symbol(f"{ufunc.__name__}({', '.join(map(written, inputs))})")

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        return Symbol(f"{function.__name__}({', '.join(map(written, arguments))})")

    def __neg__(self) -> Any:
        return Symbol(f"-{within(self, _SIGN)}", _SIGN)

    def __add__(self, other: Any) -> Any:
        return added(self, other)

    def __radd__(self, other: Any) -> Any:
        return added(other, self)

    def __sub__(self, other: Any) -> Any:
        if not isinstance(other, Symbol) and np.ndim(other) == 0 and other < 0:
            return added(self, -other)
        return Symbol(f"{within(self, _SUM)} - {within(other, _PRODUCT)}", _SUM)

    def __rsub__(self, other: Any) -> Any:
        return Symbol(f"{within(other, _SUM)} - {within(self, _PRODUCT)}", _SUM)

    def __mul__(self, other: Any) -> Any:
        return multiplied(self, other)

    def __rmul__(self, other: Any) -> Any:
        return multiplied(other, self)

    def __truediv__(self, other: Any) -> Any:
        return Symbol(f"{within(self, _PRODUCT)} / {within(other, _SIGN)}", _PRODUCT)

    def __rtruediv__(self, other: Any) -> Any:
        return Symbol(f"{within(other, _PRODUCT)} / {within(self, _SIGN)}", _PRODUCT)

    def __pow__(self, other: Any) -> Any:
        if _is_number(other, 1):
            return self
        return Symbol(f"{within(self, _ATOM)}**{within(other, _POWER)}", _POWER)

    def __rpow__(self, other: Any) -> Any:
        return Symbol(f"{within(other, _ATOM)}**{within(self, _POWER)}", _POWER)

    def __eq__(self, other: object) -> Any:
        return Symbol(f"{within(self, _SUM)} == {within(other, _SUM)}", _COMPARISON)

    def __ne__(self, other: object) -> Any:
        return Symbol(f"{within(self, _SUM)} != {within(other, _SUM)}", _COMPARISON)


def _is_number(value: Any, number: float) -> bool:
    return not isinstance(value, Symbol) and np.ndim(value) == 0 and value == number


def added(a: Any, b: Any) -> Any:
    """Write a sum; a term that begins with a minus is subtracted."""
    right = within(b, _SUM)
    if right.startswith("-"):
        return Symbol(f"{within(a, _SUM)} - {right[1:]}", _SUM)
    return Symbol(f"{within(a, _SUM)} + {right}", _SUM)


def multiplied(a: Any, b: Any) -> Any:
    """Write a product; a factor 1 is left out."""
    if _is_number(a, 1):
        return b
    if _is_number(b, 1):
        return a
    if _is_number(a, -1) or _is_number(b, -1):
        return -(b if _is_number(a, -1) else a)
    if isinstance(a, Symbol) and a.text.startswith("1 / ") and a.binds == _PRODUCT:  # (1 / a) * b is b / a
        return Symbol(f"{within(b, _PRODUCT)} / {a.text[4:]}", _PRODUCT)
    return Symbol(f"{within(a, _PRODUCT)} * {within(b, _SIGN)}", _PRODUCT)


def within(value: Any, binds: int) -> str:
    """Write an operand, in parentheses if it binds less than what is around it."""
    text = written(value)
    weaker = value.binds < binds if isinstance(value, Symbol) else text.startswith("-") and binds > _PRODUCT
    return f"({text})" if weaker else text


def written(value: Any) -> str:
    """Write a symbol, a number, or the kind of a constant array."""
    if isinstance(value, Symbol):
        return value.text
    if np.ndim(value) == 0:
        return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)
    shape = ", ".join(map(str, np.shape(value)))
    return f"constant[{shape}]"


_OPERATORS: dict[str, Any] = {
    "add": added,
    "subtract": lambda a, b: a - b if isinstance(a, Symbol) else b.__rsub__(a),
    "multiply": multiplied,
    "divide": lambda a, b: a / b if isinstance(a, Symbol) else b.__rtruediv__(a),
    "power": lambda a, b: a**b if isinstance(a, Symbol) else b.__rpow__(a),
    "negative": lambda a: -a,
    "positive": lambda a: a,
    "absolute": lambda a: Symbol(f"|{a.text}|"),
}
