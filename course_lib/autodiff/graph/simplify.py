"""Recorded programs made shorter: the same result in fewer passes over memory.

Rules are written for one operation at a time. Put together, they leave work that a person would not do: factors of
2 and -1/2 that cancel, arrays spread out only to be multiplied, products stored only to be summed, zeros made only
to be added to. Each pass here knows one such thing, holds for any program, and makes a new list of steps.

Factors that are powers of two move freely, since they change no digit (but a result near the limits of the number
range may overflow, or lose digits, in one order and not in the other). Sums may be done in another order. Nothing
else is changed that a rounding error could tell.

Why in this order: shapes first, since a reshape or a spread array between two operations hides them from all other
passes. Then factors, which travel through sums and products to where they meet others, and leave reshapes behind, so
that shapes have their turn again. Places next: what they take out are zeros made to be added to, and with them sums.
Products and assemblies come last. They join several operations into one that no other pass knows: an einsum, and an
addition to a slice in place. In between, contractions write what einsums there are as products of matrices, where they
are such. Each pass shows in its docstring what it does; `before_and_after` shows it on any program.
"""

from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.graph.factors import Factors
from course_lib.autodiff.graph.plan import ufunc_of
from course_lib.autodiff.graph.program import Like, Step
from course_lib.autodiff.graph.rewriting import DOUBLE, MULTIPLY, Rewriter
from course_lib.autodiff.graph.sums import FEW, Assemblies, Contractions, Products
from course_lib.autodiff.rules.forms import Rule

LONG = 10_000  # steps, from which on passes over short arrays cost more than they save


def simplified(steps: list[Step], results: list[Any]) -> tuple[list[Step], list[Any]]:
    """Return a program that computes the same in fewer passes over arrays.

    Only in float64, where a number's type changes nothing; and a program of numbers alone has no such passes.
    """
    if any(step.shape for step in steps) and all(is_double(x) for step in steps for x in (step, *step.operands)):
        small = len(steps) > LONG and all(step.size <= FEW for step in steps)  # what takes long is that there are many
        passes: Any = (Assemblies,) if small else (Shapes, Factors, Shapes, Places, Products, Contractions, Assemblies)
        for one_pass in passes:
            steps, results = one_pass(steps, results).simplify()
    return steps, results


def is_double(x: Any) -> bool:
    """Say whether a step or constant has no other floating-point type than float64."""
    dtype = getattr(x, "dtype", None)
    return dtype is None or dtype.kind not in "fc" or dtype == DOUBLE


class Shapes(Rewriter):
    """Reshapes of reshapes, axes that come and go, and arrays that an operation would broadcast by itself.

    The table's lines give back axes and spread cotangents to full shapes, since they do not know what comes next. If
    the next operation only looks at the same numbers in the same order, or broadcasts anyway, nothing need be done.

    Examples
    --------
    >>> from course_lib.autodiff.graph.before_and_after import before_and_after
    >>> before_and_after(Shapes, lambda x: x * np.broadcast_to(np.sum(np.reshape(x, (1, 3))), (3,)), np.ones(3))
    w2 = reshape(w1, shape=(1, 3))
    w3 = sum(w2, axes=(-2, -1), keepdims=False)
    w4 = broadcast_to(w3, shape=(3,))
    w5 = multiply(w1, w4)
    becomes
    w2 = reshape(w1, shape=(1, 3))
    w3 = sum(w2, axes=(-2, -1), keepdims=False)
    w4 = multiply(w1, w3)
    """

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Return a simpler step, or None."""
        operation = step.operation
        operands = [self.new.get(o, o) if isinstance(o, Step) else o for o in step.operands]
        moves = operation in (rules.taken, rules.put) and operands[0].size == step.size
        if moves and only_new_axes(step.parameters["index"]):
            operation = rules.reshaped
        if operation is rules.taken and takes_all(step.parameters["index"], operands[0].shape, step.shape):
            return operands[0]
        if operation is rules.reshaped:
            return self.reshaped(operands[0], step)
        if operation is rules.transposed:
            return self.transposed(operands[0], step)
        if operation is rules.matmul and min(operands[0].ndim, operands[1].ndim) >= 2 and operands[0].shape[-1] == 1:
            operation = MULTIPLY  # of a column and a row
        if operation is MULTIPLY or (isinstance(operation, Rule) and ufunc_of(step) is not None):
            slim = list(operands)
            for k, operand in enumerate(operands):  # one after the other: the last that has the shape must keep it
                slim[k] = self.slim(operand, k, slim, step)
            if operation is not step.operation or any(a is not b for a, b in zip(slim, operands, strict=True)):
                return self.make(operation, slim, {}, step)
        return None

    def reshaped(self, x: Any, step: Step) -> Step:
        """Reshape, through other reshapes."""
        while isinstance(x, Step) and x.operation is rules.reshaped:
            x = x.operands[0]
        return x if x.shape == step.shape and x.shape else self.make(rules.reshaped, (x,), {"shape": step.shape}, step)

    def transposed(self, x: Any, step: Step) -> Step:
        """Transpose; twice is once, and the order that is there already is nothing to do."""
        axes = tuple(axis % step.ndim - step.ndim for axis in step.parameters["axes"])
        if isinstance(x, Step) and x.operation is rules.transposed:
            axes = tuple(x.parameters["axes"][axis] for axis in axes)
            x = x.operands[0]
        if axes == tuple(range(-step.ndim, 0)):
            return x
        moved = [axis for axis in axes if x.shape[axis] != 1]
        if moved == sorted(moved):  # only axes of length 1 change their places
            return self.make(rules.reshaped, (x,), {"shape": step.shape}, step)
        return self.make(rules.transposed, (x,), {"axes": axes}, step)

    def slim(self, operand: Any, k: int, operands: list[Any], step: Step) -> Any:
        """Return an operand as it was before it was spread to a shape that the others have anyway."""
        others = [np.shape(o) for i, o in enumerate(operands) if i != k]
        if isinstance(operand, Step):
            if (
                operand.operation is rules.broadcast
                and np.broadcast_shapes(operand.operands[0].shape, *others) == step.shape
            ):
                return operand.operands[0]
        elif is_uniform(operand) and step.dtype == DOUBLE and np.broadcast_shapes(*others) == step.shape:
            return float(operand.flat[0])
        return operand


def takes_all(index: Any, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Say whether an index takes all of an array, as it is."""
    members = index if isinstance(index, tuple) else (index,)
    forward = (m is Ellipsis or (isinstance(m, slice) and m.step in (None, 1)) for m in members)
    return before == after and before != () and all(forward)


def is_uniform(array: Any) -> bool:
    """Say whether a constant is an array of floats that are all the same."""
    floats = isinstance(array, np.ndarray) and array.dtype == DOUBLE and array.ndim > 0 and array.size > 0
    return floats and bool(np.all(array == array.flat[0]) and np.all(np.signbit(array) == np.signbit(array.flat[0])))


def only_new_axes(index: Any) -> bool:
    """Say whether an index takes everything, and only puts in axes of length 1."""
    members = index if isinstance(index, tuple) else (index,)
    return all(m is None or m is Ellipsis or (isinstance(m, slice) and m == slice(None)) for m in members)


class Places(Rewriter):
    """Entries put at places that are known when the program is recorded: where each one comes from is known too.

    The transpose of taking entries is to put them into zeros, one by one. Where every place gets just one entry, as in
    a permutation, the same array is had by taking, which makes no zeros and adds nothing.

    Examples
    --------
    >>> from course_lib.autodiff import grad
    >>> from course_lib.autodiff.graph.before_and_after import before_and_after
    >>> before_and_after(Places, grad(lambda x: np.sum(np.sin(x[[2, 0, 1]]))), np.ones(3))
    w2 = getitem(w1, index=[2 0 1])
    w3 = cos(w2)
    w4 = put(w3, index=[2 0 1], shape=(3,))
    becomes
    w2 = getitem(w1, index=[2 0 1])
    w3 = cos(w2)
    w4 = reshape(w3, shape=(3,))
    w5 = getitem(w4, index=[1 2 0])
    """

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Take entries of g at once, in place of putting them into zeros and taking some from there."""
        if step.operation is rules.taken and rules.is_basic(step.parameters["index"]):
            inner = step.operands[0]
            if is_scatter(inner):
                return self.gathered(inner, rules.places(inner.shape, step.parameters["index"]), step)
        if step.operation is rules.taken and by_several_arrays(step.parameters["index"]):
            where_from = rules.places(step.operands[0].shape, step.parameters["index"])
            return self.take_flat(self.new[step.operands[0]], where_from, step)
        if is_scatter(step):
            there = rules.places(step.shape, Ellipsis)
            return self.gathered(step, there, step)
        return None

    def gathered(self, put: Step, wanted: Any, step: Step) -> Step | None:
        """Return the entries of what was put that stand at the wanted places, if each place has just one."""
        g = self.new[put.operands[0]]
        places = rules.places(put.shape, put.parameters["index"])
        if places.shape != g.shape:
            return None
        size = int(np.prod(put.shape))
        count = np.bincount(places.ravel(), minlength=size)
        if not np.all(count[wanted] == 1):
            return None
        source = np.zeros(size, int)
        source[places.ravel()] = np.arange(g.size)
        return self.take_flat(g, source[wanted], step)

    def take_flat(self, g: Step, source: Any, step: Step) -> Step:
        """Take entries by their places in the flattened array; the same places in each row, if that is so."""
        rows = step.shape[0] if step.ndim > 1 else 1
        if rows > 1 and g.size % rows == 0 and source.size:
            each = source.reshape(rows, -1) - np.arange(rows)[:, None] * (g.size // rows)
            if np.all(each == each[0]) and each.min() >= 0 and each.max() < g.size // rows:
                table = self.make(
                    rules.reshaped, (g,), {"shape": (rows, g.size // rows)}, Like((rows, g.size // rows), g.dtype)
                )
                index = (slice(None), each[0].reshape(step.shape[1:]))
                return self.make(rules.taken, (table,), {"index": index}, step)
        flat = self.make(rules.reshaped, (g,), {"shape": (g.size,)}, Like((g.size,), g.dtype))
        return self.make(rules.taken, (flat,), {"index": source}, step)


def by_several_arrays(index: Any) -> bool:
    """Say whether an index has several arrays of integers; NumPy then takes far longer than by one, of places."""
    return isinstance(index, tuple) and sum(np.ndim(member) > 0 for member in index) > 1


def is_scatter(step: Any) -> bool:
    """Say whether a step puts entries at places by arrays of integers."""
    return isinstance(step, Step) and step.operation is rules.put and not rules.is_basic(step.parameters["index"])
