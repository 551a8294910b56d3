"""Sums: products that are only summed, and arrays that are put together from parts."""

import math
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.graph.program import Like, Step, frozen
from course_lib.autodiff.graph.rewriting import (
    ADD,
    DOUBLE,
    MULTIPLY,
    NEGATIVE,
    SQUARE,
    SUBTRACT,
    SUMS,
    Rewriter,
    number,
    power_of_two,
)

DEEPEST = 50  # sums within sums that are taken apart


class Products(Rewriter):
    """A product that is only summed need not be stored.

    The sum of x * y over all entries is the inner product of two vectors, and over some axes an einsum. Either reads
    its operands once and writes the sums; the array of products, which may be the largest of the program, is not made.

    Examples
    --------
    >>> from course_lib.autodiff.graph.before_and_after import before_and_after
    >>> before_and_after(Products, lambda x, y: np.sum(x * y), np.ones(3), np.ones(3))
    w3 = multiply(w1, w2)
    w4 = sum(w3, axes=(-1,), keepdims=False)
    becomes
    w3 = matmul(w1, w2)
    """

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Return an einsum for the sum of a product, or None."""
        if step.operation is not rules.total or step.dtype != DOUBLE:
            return None
        return self.summed(step.operands[0], step, 0)

    def summed(self, x: Any, step: Step, depth: int) -> Step | None:
        """Return the sum of x as products, if it is made of them for this sum alone."""
        if depth > DEEPEST or not self.only_for_sum(x) or x.dtype != DOUBLE or not x.shape:
            return None
        whole = step.size == 1 and not step.shape
        if x.operation is MULTIPLY and np.ndim(x.operands[1]) == 0 and whole:  # a number may stand before the sum
            inner = x.operands[0]
            if isinstance(inner, Step) and not isinstance(x.operands[1], Step) and inner.shape == x.shape:
                found = self.summed(inner, step, depth + 1)
                return None if found is None else self.make(MULTIPLY, (found, x.operands[1]), {}, step)
        if x.operation in SUMS and whole:
            parts = [o if isinstance(o, Step) and o.shape == x.shape else None for o in x.operands]
            sums = [None if part is None else self.summed(part, step, depth + 1) for part in parts]
            if None not in sums:
                return self.make(x.operation, sums, {}, step)
        if x.operation in (MULTIPLY, SQUARE):
            factors = [self.new.get(o, o) if isinstance(o, Step) else o for o in x.operands]
            factors = factors * (3 - len(factors)) if x.operation is SQUARE else factors
            if all(np.shape(f) == x.shape and f.dtype == DOUBLE for f in factors):
                return self.contracted(factors, x, step)
        return None

    def only_for_sum(self, x: Any) -> bool:
        """Say whether x is a step with one use."""
        return isinstance(x, Step) and len(self.uses[x]) == 1 and x.operation is not None

    def contracted(self, factors: list[Any], x: Step, step: Step) -> Step:
        """Return the sum over the axes of the product of two arrays of the same shape."""
        axes = step.parameters["axes"]
        letters = "abcdefghijklmnopqrstuvwxyz"[: x.ndim]
        if len(axes) == x.ndim and x.ndim == 1:
            return (
                self.make(rules.matmul, factors, {}, step) if not step.shape else self.reduced(factors, letters, step)
            )
        return self.reduced(factors, letters, step)

    def reduced(self, factors: list[Any], letters: str, step: Step) -> Step:
        """Return an einsum that leaves out the axes of a sum."""
        axes = step.parameters["axes"]
        output = "".join(s for k, s in enumerate(letters, -len(letters)) if k not in axes)
        parameters = {"inputs": (letters, letters), "output": output}
        if not step.parameters["keepdims"]:
            return self.make(rules.einsum, factors, parameters, step)
        shape = tuple(n for k, n in enumerate(step.shape, -step.ndim) if k not in axes)
        inner = self.make(rules.einsum, factors, parameters, Like(shape, step.dtype))
        return self.make(rules.reshaped, (inner,), {"shape": step.shape}, step)


class Contractions(Rewriter):
    """An einsum of two arrays that is a product of two matrices, with several axes taken for one, is written as such.

    So is a convolution: the windows of a picture times a kernel, and in the sweep back the windows times the cotangent.
    The same products are added, in the order that a library for matrices finds best.

    Examples
    --------
    >>> from course_lib.autodiff.graph.before_and_after import before_and_after
    >>> windows, kernel = np.ones((4, 5, 2, 3)), np.ones((2, 3))
    >>> before_and_after(Contractions, lambda x, y: np.einsum("abij,ij->ab", x, y), windows, kernel)
    w3 = einsum(w1, w2, inputs=('abij', 'ij'), output=ab)
    becomes
    w3 = reshape(w1, shape=(20, 6))
    w4 = reshape(w2, shape=(6,))
    w5 = matmul(w3, w4)
    w6 = reshape(w5, shape=(4, 5))
    """

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        self.constants: dict[Any, Any] = {}
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Return a product of matrices, or None."""
        inputs: list[str] = list(step.parameters["inputs"]) if step.operation is rules.einsum else []
        operands = [self.new.get(o, o) if isinstance(o, Step) else o for o in step.operands]
        if len(inputs) != 2 or not step.shape or any(getattr(o, "dtype", None) != DOUBLE for o in operands):
            return None
        summed = "".join(s for s in inputs[0] if s in inputs[1])
        free = ["".join(s for s in label if s not in summed) for label in inputs]
        if step.parameters["output"] not in (free[0] + free[1], ""):
            operands, free, inputs = operands[::-1], free[::-1], inputs[::-1]
        ordered = all(label in (one + summed, summed + one) for label, one in zip(inputs, free, strict=True))
        if not summed or not ordered or step.parameters["output"] != free[0] + free[1]:
            return None
        left = self.matrix(operands[0], free[0], summed, last=inputs[0] == free[0] + summed)
        right = self.matrix(operands[1], free[1], summed, last=inputs[1] == free[1] + summed)
        right = right if not free[1] else self.transposed(right)
        shape = (*left.shape[:-1], *right.shape[1:])
        return self.reshaped(self.make(rules.matmul, (left, right), {}, Like(shape, DOUBLE)), step.shape)

    def matrix(self, x: Any, free: str, summed: str, last: bool) -> Any:
        """Return an operand as a matrix with its free axes as rows and the others as columns; a vector if none is free.

        ``last`` says that the summed axes are the last ones.
        """
        if not free:
            return self.reshaped(x, (x.size,))
        rows = math.prod(x.shape[: len(free)] if last else x.shape[len(summed) :])
        columns = math.prod(x.shape[len(free) :] if last else x.shape[: len(summed)])
        return self.reshaped(x, (rows, columns)) if last else self.transposed(self.reshaped(x, (columns, rows)))

    def reshaped(self, x: Any, shape: tuple[int, ...]) -> Any:
        """Return the same entries in another shape; a constant at once."""
        if x.shape == shape:
            return x
        if isinstance(x, Step):
            return self.make(rules.reshaped, (x,), {"shape": shape}, Like(shape, DOUBLE))
        return self.constants.setdefault((id(x), shape), np.reshape(x, shape))  # the same object each time

    def transposed(self, x: Any) -> Any:
        """Return the transpose of a matrix; of a transpose, the matrix itself."""
        if not isinstance(x, Step):
            return x.T
        if x.operation is rules.transposed:
            return x.operands[0]
        return self.make(rules.transposed, (x,), {"axes": (-1, -2)}, Like(x.shape[::-1], DOUBLE))


class Assemblies(Rewriter):
    """Sums of arrays that are zero but for a slice: the slices are added where they belong.

    A program that takes slices of x has a gradient that is a sum of such arrays, one for each slice. A person would
    make one array, and add each slice in its place.

    Examples
    --------
    >>> from course_lib.autodiff import grad
    >>> from course_lib.autodiff.graph.before_and_after import before_and_after
    >>> before_and_after(Assemblies, grad(lambda x: np.sum(x[1:] * x[:-1])), np.ones(9))
    w2 = getitem(w1, index=slice(1, None, None))
    w3 = getitem(w1, index=slice(None, -1, None))
    w4 = put(w2, index=slice(None, -1, None), shape=(9,))
    w5 = put(w3, index=slice(1, None, None), shape=(9,))
    w6 = add(w4, w5)
    becomes
    w2 = getitem(w1, index=slice(1, None, None))
    w3 = getitem(w1, index=slice(None, -1, None))
    w4 = put(w2, index=slice(None, -1, None), shape=(9,))
    w5 = add at(w4, w3, index=slice(1, None, None), sign=+)
    """

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Return a sum put together from its parts, or None."""
        last_of_sum = step.operation in (ADD, SUBTRACT) and not any(
            user is not step
            and user.operation in (ADD, SUBTRACT)
            and user.shape == step.shape
            and self.only_for(step, user)
            for user in self.uses[step]
        )
        if not last_of_sum or not step.shape or step.dtype != DOUBLE:
            return None
        terms: dict[Any, float] = {}
        self.collect(step, terms)
        parts: dict[Any, list[tuple[float, Step]]] = {}
        whole: list[tuple[float, Any]] = []
        for term, factor in terms.items():
            own = is_slice_put(term) and all(user in self.members for user in self.uses[term])
            if own and term.shape == step.shape:  # not one that the sum spreads out to its own shape
                parts.setdefault(frozen(term.parameters["index"]), []).append((factor, term))
            else:
                whole.append((factor, term))
        if not parts:
            return None
        if whole and not any(term.shape == step.shape for _, term in whole):  # the slices gave the sum its shape
            factor, first = whole[0]
            spread = self.make(rules.broadcast, (self.new[first],), {"shape": step.shape}, step)
            self.new[spread] = spread
            whole[0] = factor, spread
        if not whole and len(step.shape) == 1 and step.shape[0] <= FEW and all(map(is_entry, parts)):
            return self.piled(parts, step)
        y = self.times(*self.combined(whole)) if whole else None
        for group in sorted(parts.values(), key=lambda group: (group[0][0] < 0, -group[0][1].operands[0].size)):
            index = group[0][1].parameters["index"]
            factor, inner = self.inside(group)
            if y is None:
                y = self.make(rules.put, (self.times(factor, inner),), {"index": index, "shape": step.shape}, step)
            else:
                parameters = {"index": index, "sign": "-" if factor < 0 else "+"}
                y = self.make(rules.added_at, (y, self.times(abs(factor), inner)), parameters, step)
        return y

    def inside(self, group: list[tuple[float, Step]]) -> tuple[float, Step]:
        """Return what is put at one index by some steps, as a factor and a step."""
        terms: dict[Any, float] = {}
        for factor, put in group:
            further, inner = self.without_factor(put.operands[0], put)
            terms[inner] = terms.get(inner, 0.0) + factor * further
        return self.combined([(factor, inner) for inner, factor in terms.items()])

    def piled(self, parts: dict[Any, list[tuple[float, Step]]], step: Step) -> Step:
        """Return a short vector whose entries are given one by one."""
        entries: list[Any] = [0.0] * step.shape[0]
        for group in parts.values():
            entries[group[0][1].parameters["index"]] = self.times(*self.inside(group))
        return self.make(rules.piled, entries, {"axis": -1}, step)

    def times(self, factor: float, x: Step) -> Step:
        """Multiply by a factor."""
        if factor == 1:
            return x
        return self.make(NEGATIVE, (x,), {}, x) if factor == -1 else self.make(MULTIPLY, (x, number(factor)), {}, x)

    def without_factor(self, x: Any, user: Step) -> tuple[float, Any]:
        """Return a factor that is a power of two, and the rest, of what is computed for one step alone."""
        if (
            self.only_for(x, user)
            and x.operation is MULTIPLY
            and power_of_two(x.operands[1])
            and x.operands[0].shape == x.shape
        ):
            return float(x.operands[1]), x.operands[0]
        return (-1.0, x.operands[0]) if self.only_for(x, user) and x.operation is NEGATIVE else (1.0, x)

    def collect(self, top: Step, terms: dict[Any, float]) -> None:
        """Collect the terms of a sum, each with how often it occurs, through sums that are part of it alone."""
        self.members: set[Step] = set()
        pending: list[tuple[Any, float]] = [(top, 1.0)]
        while pending:
            x, factor = pending.pop()
            inner = x is top or (
                x in self.uses and x.operation in (ADD, SUBTRACT) and x.shape == top.shape and len(self.uses[x]) == 1
            )
            if inner:
                self.members.add(x)
                a, b = x.operands
                if isinstance(a, Step) and isinstance(b, Step) and a.dtype == b.dtype == DOUBLE:
                    pending += [(b, -factor if x.operation is SUBTRACT else factor), (a, factor)]
                    continue
            terms[x] = terms.get(x, 0.0) + factor

    def combined(self, terms: list[tuple[float, Any]]) -> tuple[float, Step]:
        """Return the sum of factors times steps, as a factor and a step: the factor of all, if they have one."""
        common = abs(terms[0][0]) if all(abs(factor) == abs(terms[0][0]) for factor, _ in terms) else 1.0
        common = common if power_of_two(common) else 1.0
        if all(factor < 0 for factor, _ in terms):
            common = -common
        total: Any = None
        for factor, old in sorted(terms, key=lambda term: -term[0] / common):
            x = self.times(abs(factor / common), self.new[old])
            if total is None:
                total = x
                continue
            shape = np.broadcast_shapes(total.shape, x.shape)
            total = self.make(ADD if factor / common > 0 else SUBTRACT, (total, x), {}, Like(shape, DOUBLE))
        return common, total


FEW = 16  # entries that are better given one by one than written into zeros


def is_entry(index: Any) -> bool:
    """Say whether a frozen index is one number, counted from the first."""
    return len(index) == 2 and index[0] is int and index[1] >= 0


def is_slice_put(step: Any) -> bool:
    """Say whether a step puts an array into zeros at slices."""
    return isinstance(step, Step) and step.operation is rules.put and rules.is_basic(step.parameters["index"])
