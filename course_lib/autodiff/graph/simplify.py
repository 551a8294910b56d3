"""Recorded programs made shorter: the same result in fewer passes over memory.

Rules are written for one operation at a time. Put together, they leave work that a person would not do: factors of
2 and -1/2 that cancel, arrays spread out only to be multiplied, products stored only to be summed, zeros made only
to be added to. Each pass here knows one such thing, holds for any program, and makes a new list of steps.

Factors that are powers of two move freely, since they change no digit (but a result near the limits of the number
range may overflow, or lose digits, in one order and not in the other). Sums may be done in another order. Nothing
else is changed that a rounding error could tell.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.graph.plan import needed, ufunc_of
from course_lib.autodiff.graph.program import Like, Step, frozen
from course_lib.autodiff.rules.forms import UFUNCS, Rule

ADD, SUBTRACT, MULTIPLY, DIVIDE = (UFUNCS[f] for f in (np.add, np.subtract, np.multiply, np.divide))
NEGATIVE, SQUARE = UFUNCS[np.negative], UFUNCS[np.square]
SUMS = {ADD, SUBTRACT, rules.accumulated}


_DOUBLE = np.dtype(float)


class Rewriter:
    """Makes a new list of steps from an old one, each step once."""

    def __init__(self, steps: list[Step], results: list[Any]) -> None:
        self.old, self.results = needed(steps, results), results
        self.steps: list[Step] = []
        self.known: dict[Any, Step] = {}
        self.kept: list[Any] = []  # constants, so that no other object gets their identity
        self.new: dict[Step, Any] = {}
        self.uses: dict[Step, list[Step]] = {step: [] for step in self.old}
        for step in self.old:
            for operand in step.operands:
                if isinstance(operand, Step):
                    self.uses[operand].append(step)
        for result in results:
            if isinstance(result, Step):
                self.uses[result].append(result)

    def only_for(self, operand: Any, step: Step) -> bool:
        """Say whether an operand is computed for this step alone."""
        return isinstance(operand, Step) and len(self.uses[operand]) == 1 and self.uses[operand][0] is step

    def make(self, operation: Any, operands: Any, parameters: dict[str, Any], like: Any) -> Step:
        """Return the step that does an operation on new operands."""
        if operation is rules.accumulated:
            operation = ADD
        key = (operation, tuple([id(o) for o in operands]), frozen(parameters))
        step = self.known.get(key)
        if step is None:
            step = self.known[key] = Step(operation, tuple(operands), parameters, like)
            step.scalar_array = getattr(like, "scalar_array", False)
            self.steps.append(step)
            self.kept.extend(operands)
        return step

    def again(self, step: Step) -> Step:
        """Return the same step on the new operands."""
        operands = [self.new.get(o, o) if isinstance(o, Step) else o for o in step.operands]
        return self.make(step.operation, operands, step.parameters, step)

    def run(self, rewrite: Callable[[Step], Any]) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps in their order; ``rewrite`` returns a new step, or None to keep the old one."""
        for step in self.old:
            if step.operation is None:
                self.new[step] = step
                self.steps.append(step)
                continue
            self.new[step] = rewrite(step) or self.again(step)
        return self.steps, [self.new.get(r, r) if isinstance(r, Step) else r for r in self.results]


def simplified(steps: list[Step], results: list[Any]) -> tuple[list[Step], list[Any]]:
    """Return a program that computes the same in fewer passes over arrays.

    Only in float64, where a number's type changes nothing; and a program of numbers alone has no such passes.
    """
    if any(step.shape for step in steps) and all(is_double(x) for step in steps for x in (step, *step.operands)):
        for one_pass in (Shapes, Factors, Shapes, Places, Products, Assemblies):
            steps, results = one_pass(steps, results).simplify()
    return steps, results


def is_double(x: Any) -> bool:
    """Say whether a step or constant has no other floating-point type than float64."""
    dtype = getattr(x, "dtype", None)
    return dtype is None or dtype.kind not in "fc" or dtype == _DOUBLE


# --- Arrays that are spread out, or only look different --------------------------------------------------


class Shapes(Rewriter):
    """Reshapes of reshapes, axes that come and go, and arrays that an operation would broadcast by itself."""

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Return a simpler step, or None."""
        operation = step.operation
        operands = [self.new.get(o, o) if isinstance(o, Step) else o for o in step.operands]
        if operation in (rules.taken, rules.put) and only_new_axes(step.parameters["index"]):
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
        elif is_uniform(operand) and step.dtype == _DOUBLE and np.broadcast_shapes(*others) == step.shape:
            return float(operand.flat[0])
        return operand


def takes_all(index: Any, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Say whether an index takes all of an array, as it is."""
    members = index if isinstance(index, tuple) else (index,)
    forward = (m is Ellipsis or (isinstance(m, slice) and m.step in (None, 1)) for m in members)
    return before == after and before != () and all(forward)


def is_uniform(array: Any) -> bool:
    """Say whether a constant is an array of floats that are all the same."""
    floats = isinstance(array, np.ndarray) and array.dtype == _DOUBLE and array.ndim > 0 and array.size > 0
    return floats and bool(np.all(array == array.flat[0]))


def only_new_axes(index: Any) -> bool:
    """Say whether an index takes everything, and only puts in axes of length 1."""
    members = index if isinstance(index, tuple) else (index,)
    return all(m is None or m is Ellipsis or (isinstance(m, slice) and m == slice(None)) for m in members)


# --- Factors that are powers of two ----------------------------------------------------------------------


def power_of_two(number: Any) -> bool:
    """Say whether a constant is a number that changes no digit of what it multiplies."""
    plain = not isinstance(number, Step | np.ndarray) and isinstance(number, int | float | np.number)
    return plain and math.isfinite(number) and number != 0 and math.frexp(abs(number))[0] == 0.5


class Factors(Rewriter):
    """Each value is a factor times a step; factors go along with the value, and are multiplied in where they must."""

    PASSING = frozenset({rules.total, rules.reshaped, rules.transposed, rules.broadcast, rules.cumulated, rules.taken,
                         rules.gather, rules.scatter})  # fmt: skip
    PRODUCTS = frozenset({MULTIPLY, rules.matmul, rules.einsum})

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        self.scaled: dict[Step, tuple[float, Any]] = {}
        for step in self.old:
            if step.operation is None:
                self.steps.append(step)
                self.scaled[step] = (1.0, step)
                continue
            arrays = any(isinstance(o, Step) and o.shape for o in step.operands)
            found = self.with_factor(step) if arrays and step.dtype.kind == "f" else None
            self.scaled[step] = found or (1.0, self.make(step.operation, self.whole(step), step.parameters, step))
        return self.steps, [self.multiplied_in(r) if isinstance(r, Step) else r for r in self.results]

    def split(self, operand: Any) -> tuple[float, Any]:
        """Return factor and rest of an operand."""
        return self.scaled[operand] if isinstance(operand, Step) else (1.0, operand)

    def multiplied_in(self, operand: Any) -> Any:
        """Return an operand with its factor."""
        factor, rest = self.split(operand)
        return self.times(factor, rest)

    def times(self, factor: float, x: Step) -> Step:
        """Multiply by a factor."""
        if factor == 1:
            return x
        return self.make(NEGATIVE, (x,), {}, x) if factor == -1 else self.make(MULTIPLY, (x, number(factor)), {}, x)

    def whole(self, step: Step) -> list[Any]:
        """Return all operands with their factors."""
        return [self.multiplied_in(operand) for operand in step.operands]

    def with_factor(self, step: Step) -> tuple[float, Any] | None:
        """Return the step with a factor outside, or None if its operation takes none."""
        operation = step.operation
        parts = [self.split(operand) for operand in step.operands]
        factors, rests = [factor for factor, _ in parts], [rest for _, rest in parts]
        if operation is NEGATIVE:
            return -factors[0], rests[0]
        if operation in self.PASSING:
            if factors[0] == 1:
                return None
            rest = [rests[0], *(self.multiplied_in(o) for o in step.operands[1:])]
            return factors[0], self.make(operation, rest, step.parameters, step)
        if operation is rules.put and factors[0] < 0:
            inner = self.times(-factors[0], rests[0])
            return -1.0, self.make(operation, (inner,), step.parameters, step)
        if operation is SQUARE:
            return factors[0] ** 2, self.make(operation, rests, {}, step)
        if operation in self.PRODUCTS:
            return self.product(step, math.prod(factors), rests)
        if operation is DIVIDE:
            factor = factors[0] / factors[1]
            if isinstance(rests[0], Step):
                return factor, self.make(operation, rests, {}, step)
            return 1.0, self.make(operation, (number(factor * rests[0]), rests[1]), {}, step)
        if operation in SUMS:
            return self.sum(step, factors, rests)
        return None

    def product(self, step: Step, factor: float, rests: list[Any]) -> tuple[float, Any]:
        """Write a product: constants among its operands take the factor in, or are part of it."""
        for k, other in ((0, 1), (1, 0)) if step.operation is MULTIPLY else ():
            constant, x = rests[k], rests[other]
            if isinstance(constant, Step) or not isinstance(x, Step):
                continue
            if power_of_two(constant) and x.shape == step.shape and x.dtype == step.dtype:
                return factor * float(constant), x
            if x.operation is MULTIPLY and np.ndim(constant) == 0:  # a number times (another number times a step)
                inner = next((o for o in x.operands if not isinstance(o, Step) and np.ndim(o) == 0), None)
                if inner is not None and power_of_two(inner):
                    rest = next(o for o in x.operands if o is not inner)
                    return 1.0, self.make(MULTIPLY, (rest, number(factor * inner * constant)), {}, step)
            return 1.0, self.make(MULTIPLY, (x, number(factor * constant)), {}, step)
        return factor, self.make(step.operation, rests, step.parameters, step)

    def sum(self, step: Step, factors: list[float], rests: list[Any]) -> tuple[float, Any]:
        """Write a sum: a common factor goes outside, signs are joined, other factors are multiplied in."""
        a, b = rests
        first, second = factors[0], factors[1] * (-1 if step.operation is SUBTRACT else 1)
        if not isinstance(b, Step):  # a constant takes the sign in
            b, second = number(b * second / abs(second) * np.sign(first)), abs(second) * np.sign(first)
        elif not isinstance(a, Step) and second > 0 > first:
            a, first = number(-a), -first
        if abs(first) != abs(second):
            a, b = self.times(abs(first), a), self.times(abs(second), b)
            first, second = math.copysign(1.0, first), math.copysign(1.0, second)
        if first == second:
            return first, self.make(ADD, (a, b), {}, step)
        if first < 0:
            return second, self.make(SUBTRACT, (b, a), {}, step)
        return first, self.make(SUBTRACT, (a, b), {}, step)


_NUMBERS: dict[float, Any] = {}


def number(value: Any) -> Any:
    """Return a constant; equal numbers are one object, so that equal steps are found."""
    if isinstance(value, np.ndarray) and value.ndim:
        return value
    return value if value != value else _NUMBERS.setdefault(float(value), float(value))


# --- Entries taken from, and put to, places that are known -----------------------------------------------


class Places(Rewriter):
    """Entries put at places that are known when the program is recorded: where each one comes from is known too."""

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Take entries of g at once, in place of putting them into zeros and taking some from there."""
        if step.operation is rules.taken and rules.is_basic(step.parameters["index"]):
            inner = step.operands[0]
            if is_scatter(inner):
                return self.gathered(inner, rules.places(inner.shape, step.parameters["index"]), step)
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


def is_scatter(step: Any) -> bool:
    """Say whether a step puts entries at places by arrays of integers."""
    return isinstance(step, Step) and step.operation is rules.put and not rules.is_basic(step.parameters["index"])


# --- Sums of products ------------------------------------------------------------------------------------


class Products(Rewriter):
    """A product that is only summed need not be stored."""

    def simplify(self) -> tuple[list[Step], list[Any]]:
        """Rewrite all steps."""
        return self.run(self.rewrite)

    def rewrite(self, step: Step) -> Any:
        """Return an einsum for the sum of a product, or None."""
        if step.operation is not rules.total or step.dtype != _DOUBLE:
            return None
        return self.summed(step.operands[0], step)

    def summed(self, x: Any, step: Step) -> Step | None:
        """Return the sum of x as products, if it is made of them for this sum alone."""
        if not self.only_for_sum(x) or x.dtype != _DOUBLE or not x.shape:
            return None
        whole = step.size == 1 and not step.shape
        if x.operation is MULTIPLY and np.ndim(x.operands[1]) == 0 and whole:  # a number may stand before the sum
            inner = x.operands[0]
            if isinstance(inner, Step) and not isinstance(x.operands[1], Step) and inner.shape == x.shape:
                found = self.summed(inner, step)
                return None if found is None else self.make(MULTIPLY, (found, x.operands[1]), {}, step)
        if x.operation in SUMS and whole:
            parts = [o if isinstance(o, Step) and o.shape == x.shape else None for o in x.operands]
            sums = [None if part is None else self.summed(part, step) for part in parts]
            if None not in sums:
                return self.make(x.operation, sums, {}, step)
        if x.operation in (MULTIPLY, SQUARE):
            factors = [self.new.get(o, o) if isinstance(o, Step) else o for o in x.operands]
            factors = factors * (3 - len(factors)) if x.operation is SQUARE else factors
            if all(np.shape(f) == x.shape and f.dtype == _DOUBLE for f in factors):
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


# --- Arrays that are put together from parts -------------------------------------------------------------


class Assemblies(Rewriter):
    """Sums of arrays that are zero but for a slice: the slices are added where they belong."""

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
        if not last_of_sum or not step.shape:
            return None
        terms: dict[Any, float] = {}
        self.collect(step, 1.0, step, terms)
        parts: dict[Any, list[tuple[float, Step]]] = {}
        whole: list[tuple[float, Any]] = []
        for term, factor in terms.items():
            if is_slice_put(term) and all(user in self.members for user in self.uses[term]):
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
        y = self.times(*self.combined(whole, step)) if whole else None
        for group in sorted(parts.values(), key=lambda group: (group[0][0] < 0, -group[0][1].operands[0].size)):
            like, index = group[0][1].operands[0], group[0][1].parameters["index"]
            inner_terms: dict[Any, float] = {}
            for factor, put in group:
                further, inner = self.without_factor(put.operands[0], put)
                inner_terms[inner] = inner_terms.get(inner, 0.0) + factor * further
            factor, inner = self.combined([(f, inner) for inner, f in inner_terms.items()], like)
            if y is None:
                y = self.make(rules.put, (self.times(factor, inner),), {"index": index, "shape": step.shape}, step)
            else:
                parameters = {"index": index, "sign": "-" if factor < 0 else "+"}
                y = self.make(rules.added_at, (y, self.times(abs(factor), inner)), parameters, step)
        return y

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

    def collect(self, x: Any, factor: float, top: Step, terms: dict[Any, float]) -> None:
        """Collect the terms of a sum, each with how often it occurs, through sums that are part of it alone."""
        if x is top:
            self.members = {top}
        elif not (
            x in self.uses and x.operation in (ADD, SUBTRACT) and x.shape == top.shape and len(self.uses[x]) == 1
        ):
            terms[x] = terms.get(x, 0.0) + factor
            return
        self.members.add(x)
        a, b = x.operands
        if not (isinstance(a, Step) and isinstance(b, Step)):
            terms[x] = terms.get(x, 0.0) + factor
            return
        self.collect(a, factor, top, terms)
        self.collect(b, -factor if x.operation is SUBTRACT else factor, top, terms)

    def combined(self, terms: list[tuple[float, Any]], like: Any) -> tuple[float, Step]:
        """Return the sum of factors times steps, as a factor and a step: the factor of all, if they have one."""
        common = abs(terms[0][0]) if all(abs(factor) == abs(terms[0][0]) for factor, _ in terms) else 1.0
        common = common if power_of_two(common) else 1.0
        if all(factor < 0 for factor, _ in terms):
            common = -common
        total: Any = None
        for factor, old in sorted(terms, key=lambda term: -term[0] / common):
            x = self.times(abs(factor / common), self.new[old])
            total = x if total is None else self.make(ADD if factor / common > 0 else SUBTRACT, (total, x), {}, like)
        return common, total


def is_slice_put(step: Any) -> bool:
    """Say whether a step puts an array into zeros at slices."""
    return isinstance(step, Step) and step.operation is rules.put and rules.is_basic(step.parameters["index"])
