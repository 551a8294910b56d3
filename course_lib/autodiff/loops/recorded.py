"""Loops in recorded programs: one body, recorded once, and done many times; and their derivatives, loops again.

A loop has several results: what is carried after the last step, and stacks with a row for each step, of what the
steps give out and of the carries before each step, the *states*. A program takes those that it needs.

Forward mode: the body carries a tangent beside each value. Reverse mode: a loop that goes back over the states. In it
the body's own derivative carries the cotangent of the carry from each step to the one before, adds up the cotangents
of what the steps capture from outside, and gives out those of the rows. Both are bodies recorded once, by `pushed`
and `vjp` run on the first body, and so loops of this file, with derivatives of their own.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.2 and chapter 12.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.errors import ConcreteValueError
from course_lib.autodiff.graph.program import (
    Like,
    Recorded,
    RecordedProgram,
    SeveralResults,
    Step,
    first_run,
    part,
    recorded,
)
from course_lib.autodiff.loops.body import Body, repeats_none
from course_lib.autodiff.loops.carry import following, holds, numeric, pair
from course_lib.autodiff.loops.emit import LoopRun
from course_lib.autodiff.overloading.dual import Dual
from course_lib.autodiff.overloading.sweeps import of_type, pushed_once
from course_lib.autodiff.overloading.tape import Node
from course_lib.autodiff.rules.forms import Rule
from course_lib.autodiff.structures import Leaves, map_leaves
from course_lib.autodiff.traced import Traced, apply, on_batches, plain
from course_lib.autodiff.transforms import vjp

ROWS_IF_UNKNOWN = 3  # for how many steps a while loop passes where only shapes matter


class Loop(SeveralResults):
    """A body and how often it is done: ``count`` times, or if that is None, as often as there are rows.

    A body with a condition is done as long as that holds. Operands are where the carry begins, the arrays whose rows
    are gone over (backwards, if so said), and what the body captures. Results are numbered: the last carries, then
    what the steps give out, then the states.
    """

    def __init__(self, body: Body, count: int | None, backwards: bool = False) -> None:
        self.body, self.count, self.backwards = body, count, backwards
        self.name = "while_loop" if body.conditional else "scan"
        self.given_out = len(body.results) - body.carries - body.conditional
        self.first_state = body.carries + self.given_out
        self.made: dict[Any, Any] = {}  # functions, rules and derivatives, each made when it is first asked for

    def example(self, number: int) -> Any:
        """Return a number or array like one row of a result, or like the whole if it is a last carry."""
        result = number if number < self.first_state else number - self.first_state
        return self.body.examples[result + self.body.conditional]

    def like(self, number: int) -> Like:
        """Return the shape and type of a result."""
        one = np.asarray(self.example(number))
        if number < self.body.carries:
            return Like(one.shape, one.dtype)
        count = ROWS_IF_UNKNOWN if self.count is None else self.count
        return Like((count, *one.shape), one.dtype, dynamic=self.count is None)

    def is_float(self, number: int) -> bool:
        """Say whether a result can have a derivative."""
        return bool(self.like(number).dtype.kind == "f")

    def once(self, make: Any, *arguments: Any) -> Any:
        """Return what is made of the loop by these arguments; it is made once."""
        key = (make, arguments)
        if key not in self.made:
            self.made[key] = make(self, *arguments)
        return self.made[key]

    def compiled(self, wanted: tuple[int, ...], name: str) -> Any:
        """Return a function of the operands that computes the wanted results."""
        return self.once(LoopRun, wanted, name)

    def __call__(self, numbers: tuple[int, ...], operands: tuple[Any, ...]) -> list[Any]:
        """Do the loop on traced values, and return the results of these numbers."""
        floats = tuple([number for number in numbers if self.is_float(number)])
        results: dict[int, Any] = {}
        plain_program = all(isinstance(x, Recorded) or not isinstance(x, Traced) for x in operands)
        alike = [n for n in floats if self.like(n).dtype == self.like(floats[0]).dtype]  # in one vector, of one type
        together = [] if plain_program else [n for n in alike if not self.like(n).dynamic]
        if len(together) > 1:
            packed, begin = apply(self.once(LoopRule, tuple(together)), operands, {}), 0
            for number in together:
                shape = self.like(number).shape
                size = int(np.prod(shape))
                results[number] = np.reshape(packed[begin : begin + size], shape)
                begin += size
        for number in floats:
            if number not in results:
                results[number] = apply(self.once(LoopRule, (number,)), operands, {})
        for number in numbers:
            if number not in results:
                results[number] = apply(self.once(LoopRule, (number,)), tuple(map(plain, operands)), {})
        return [results[number] for number in numbers]


class LoopRule(Rule):
    """Some results of a loop as one operation: one of them as it is, or several behind each other in a vector."""

    together = True

    def __init__(self, loop: Loop, numbers: tuple[int, ...]) -> None:
        super().__init__(loop.name, self.run)
        self.loop, self.numbers = loop, numbers
        self.recorded = self.record

    def run(self, *operands: Any) -> Any:
        """Do the loop on plain values."""
        found = self.loop.compiled(self.numbers, "loop")(*operands)
        return self.joined([found[number] for number in self.numbers])

    def joined(self, results: list[Any]) -> Any:
        """Put results behind each other."""
        return results[0] if len(results) == 1 else np.concatenate([np.reshape(y, (-1,)) for y in results])

    def record(self, program: RecordedProgram, operands: tuple[Any, ...]) -> Any:
        """Append the loop as one step, if it is not there already, and take results from it."""
        loop, operands = self.loop, tuple(map(program.own, operands))
        sources = tuple(map(program.source, operands))
        key = (loop, tuple(map(id, sources)))
        step = program.known.get(key)
        if step is None:
            step = program.known[key] = Step(loop, sources, {}, Like((), object))
            program.steps.append(step)
        return self.joined([taken(program, step, number) for number in self.numbers])

    def saved(self, y: Any, operands: tuple[Any, ...], sources: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        """Return what the reverse loop reads."""
        return None, operands

    def push(
        self, tangents: tuple[Any, ...], operands: tuple[Any, ...], parameters: dict[str, Any], many: bool
    ) -> tuple[Any, Any]:
        """Return value and tangent, from one loop that computes both."""
        moving = tuple([t is not None for t in tangents])
        count = next(len(t) for t in tangents if t is not None) if many else None
        ys, ts = self.loop.once(Forward, moving, count).run(self.numbers, tangents, operands)
        if len(ys) == 1:
            return ys[0], ts[0]
        flat = [np.reshape(t, (*(() if count is None else (count,)), np.size(y))) for y, t in zip(ys, ts, strict=True)]
        return self.joined(ys), np.concatenate(flat, axis=-1)

    def reverse_all(
        self, g: Any, y: Any, operands: tuple[Any, ...], sources: tuple[Any, ...], parameters: dict[str, Any]
    ) -> list[Any]:
        """Return what g contributes to the operands that have a source."""
        cotangents, begin = {}, 0
        for number in self.numbers:
            shape = self.loop.like(number).shape
            size = int(np.prod(shape))
            own = g if len(self.numbers) == 1 else np.reshape(g[begin : begin + size], shape)
            cotangents[number] = of_type(own, self.loop.like(number).dtype)
            begin += size
        wanted = tuple([s is not None for s in sources])
        return self.loop.once(Reverse, self.numbers, wanted).run(cotangents, operands)

    def reverse(self, k: int, g: Any, y: Any, operands: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
        """Return what g contributes to operand k."""
        sources = tuple([k if i == k else None for i in range(len(operands))])
        return self.reverse_all(g, y, operands, sources, parameters)[k]


def taken(program: RecordedProgram, step: Step, number: int) -> Any:
    """Take one result of a loop."""
    loop: Any = step.operation
    like = loop.like(number)
    key = (part, (id(step),), number)
    taken_step = program.known.get(key)
    if taken_step is None:
        taken_step = program.known[key] = Step(part, (step,), {"number": number}, like)
        program.steps.append(taken_step)
    value = np.broadcast_to(loop.example(number), like.shape)[()]
    return recorded(value, program, taken_step)


# --- Derivatives -----------------------------------------------------------------------------------------
#
# A step is swept once: whether again, is asked of the derivative as a whole, where that is taken.


def zeros(like: Any, *before: int) -> Any:
    """Return zeros of a shape and type, with further axes before."""
    return np.zeros((*before, *like.shape), like.dtype)[()]


class Forward:
    """The loop that carries a tangent beside each carried float, for operands of which some have tangents."""

    def __init__(self, loop: Loop, moving: tuple[bool, ...], count: int | None) -> None:
        body = self.body = loop.body
        self.source, self.count = loop, count
        carries, rows = body.carries, body.rows
        arguments = body.arguments
        self.carried = [k for k in range(carries) if arguments[k].dtype.kind == "f"]
        self.rows = [k for k in range(carries, carries + rows) if moving[k]]
        self.captured = [k for k in range(carries + rows, len(arguments)) if moving[k]]
        active = [*self.carried, *self.rows, *self.captured]
        conditional = body.conditional
        before = () if count is None else (count,)

        def both(*leaves: Any) -> list[Any]:
            values = iter(leaves)
            take = lambda some: [next(values) for _ in some]  # noqa: E731
            carry, carry_t = take(range(carries)), take(self.carried)
            row, row_t = take(range(rows)), take(self.rows)
            inner, inner_t = take(range(carries + rows, len(arguments))), take(self.captured)
            operands = [*carry, *row, *inner]

            def chosen_only(*chosen: Any) -> list[Any]:
                given = list(operands)
                for k, value in zip(active, chosen, strict=True):
                    given[k] = value
                return body(*given)

            chosen = tuple([operands[k] for k in active])
            ys, ts = pushed_once(chosen_only, chosen, (*carry_t, *row_t, *inner_t), count)
            moved = [t for y, t in zip(ys[conditional:], ts[conditional:], strict=True) if y.dtype.kind == "f"]
            n = len(self.carried)
            return [*ys[: conditional + carries], *moved[:n], *ys[conditional + carries :], *moved[n:]]

        example = [zeros(a, *before) for a in arguments]
        values = body.values
        self.loop = loop_of(
            both,
            [*values[:carries], *(example[k] for k in self.carried)],
            [*values[carries : carries + rows], *(example[k] for k in self.rows)],
            [*values[carries + rows :], *(example[k] for k in self.captured)],
            loop,
        )

    def run(self, numbers: tuple[int, ...], tangents: tuple[Any, ...], operands: tuple[Any, ...]) -> tuple[Any, Any]:
        """Return some of the loop's results, and their tangents."""
        body, count = self.body, self.count
        before = () if count is None else (count,)
        end = body.carries + body.rows
        pairs = zip(tangents, body.arguments, strict=True)
        tangents = tuple([None if t is None else of_type(t, argument.dtype) for t, argument in pairs])

        def start(k: int) -> Any:
            return zeros(body.arguments[k], *before) if tangents[k] is None else tangents[k]

        def rows(k: int) -> Any:  # one more axis for many tangents stands behind that of the rows
            return tangents[k] if count is None else np.moveaxis(tangents[k], 0, 1)

        given = (
            *operands[: body.carries], *map(start, self.carried),
            *operands[body.carries : end], *map(rows, self.rows),
            *operands[end:], *(tangents[k] for k in self.captured),
        )  # fmt: skip
        places = [self.places(number) for number in numbers]
        results = self.loop(tuple([n for pair_of in places for n in pair_of]), given)
        ys, ts = results[::2], results[1::2]
        if count is not None:
            ts = [t if n < body.carries else np.moveaxis(t, 1, 0) for n, t in zip(numbers, ts, strict=True)]
        return ys, ts

    def places(self, number: int) -> tuple[int, int]:
        """Return the numbers, in the greater loop, of a result and of its tangent."""
        body, source = self.body, self.source
        carries, moving = body.carries, len(self.carried)
        floats_out = [n for n in range(carries, carries + source.given_out) if source.is_float(n)]
        if number < carries:
            return number, carries + self.carried.index(number)
        if number < carries + source.given_out:
            place = number - carries
            return carries + moving + place, carries + moving + source.given_out + floats_out.index(number)
        state = number - carries - source.given_out
        begin = self.loop.first_state
        return begin + state, begin + carries + self.carried.index(state)


class Reverse:
    """The loop that goes back: from cotangents of some results to those of the wanted operands."""

    def __init__(self, loop: Loop, numbers: tuple[int, ...], wanted: tuple[bool, ...]) -> None:
        self.source = loop
        body = self.body = loop.body
        carries, arguments = body.carries, body.arguments
        end = carries + body.rows
        self.carried = [k for k in range(carries) if arguments[k].dtype.kind == "f"]
        self.wanted_rows = [k for k in range(carries, end) if wanted[k]]
        self.wanted_inner = [k for k in range(end, len(arguments)) if wanted[k]]
        self.rows = [number for number in numbers if number >= carries]
        self.wanted = wanted
        active = [*self.carried, *self.wanted_rows, *self.wanted_inner]
        conditional, given_out = body.conditional, loop.given_out

        def back(*leaves: Any) -> list[Any]:
            values = iter(leaves)
            take = lambda some: [next(values) for _ in some]  # noqa: E731
            g_carry, sums = take(self.carried), take(self.wanted_inner)
            operands = take(range(end))
            g_rows = take(self.rows)
            operands += take(range(end, len(arguments)))

            def chosen_only(*chosen: Any) -> list[Any]:
                given = list(operands)
                for k, value in zip(active, chosen, strict=True):
                    given[k] = value
                results = body(*given)[conditional:]
                out = [results[n] if n < carries + given_out else given[n - carries - given_out] for n in self.rows]
                return [results[k] for k in self.carried] + out

            _, pullback = vjp(chosen_only, *(operands[k] for k in active))
            found = pullback.once([*g_carry, *g_rows])  # type: ignore[attr-defined]
            n, m = len(self.carried), len(self.wanted_rows)
            added = [a + b for a, b in zip(sums, found[n + m :], strict=True)]
            return [*found[:n], *added, *found[n : n + m]]

        values = body.values
        self.loop = loop_of(
            back,
            [np.ones_like(values[k]) for k in (*self.carried, *self.wanted_inner)],
            [*values[:end], *(loop.example(number) for number in self.rows)],
            values[end:],
            loop,
            backwards=not loop.backwards,
        )
        # What the body does not read need not be kept, nor computed; but rows say how often an open loop is done.
        reads = self.loop.body.reads()
        begin = self.loop.body.carries
        reads[:begin] = [True] * begin
        if self.loop.count is None:
            reads[begin] = True
        self.reads = reads
        self.loop.body.keep(reads)

    def run(self, cotangents: dict[int, Any], operands: tuple[Any, ...]) -> list[Any]:
        """Return the cotangents of the operands; None for those that nobody wants."""
        body, source, loop = self.body, self.source, self.loop
        begin = [
            cotangents.get(k, zeros(body.arguments[k])) for k in self.carried
        ] + [zeros(body.arguments[k]) for k in self.wanted_inner]  # fmt: skip
        count = len(begin)
        needed = [k for k in range(body.carries) if self.reads[count + k]]
        states = dict(zip(needed, source(tuple([source.first_state + k for k in needed]), operands), strict=True))
        end = body.carries + body.rows
        rest = [
            *(states.get(k) for k in range(body.carries)),
            *operands[body.carries : end],
            *(cotangents[number] for number in self.rows),
            *operands[end:],
        ]
        given = (*begin, *(x for x, read in zip(rest, self.reads[count:], strict=True) if read))
        results: list[Any] = [None] * len(operands)
        places = {k: place for place, k in enumerate(self.carried)}
        places |= {k: len(self.carried) + place for place, k in enumerate(self.wanted_inner)}
        places |= {k: count + place for place, k in enumerate(self.wanted_rows)}
        asked = [k for k, want in enumerate(self.wanted) if want]
        for k, value in zip(asked, loop(tuple([places[k] for k in asked]), given), strict=True):
            results[k] = value
        return results


def loop_of(
    function: Callable[..., list[Any]],
    carried: list[Any],
    rows: list[Any],
    inner: list[Any],
    loop: Loop,
    backwards: bool | None = None,
) -> Loop:
    """Return the loop over a function of carried values, rows, and values from outside, as often as another loop."""
    repeats_none()
    body = Body(function, carried, [*rows, *inner])
    body.rows = len(rows)
    assert not body.captured
    body.conditional = loop.body.conditional and backwards is None
    return Loop(body, loop.count, loop.backwards if backwards is None else backwards)


# --- Where loops are recorded ----------------------------------------------------------------------------


def followed(value: Any) -> bool:
    """Say whether the traces of a value are such as differentiate a recorded loop, down to a program."""
    while isinstance(value, Node | Dual) or (isinstance(value, Traced) and value.rows):
        value = value.value
    return isinstance(value, Recorded) or not isinstance(value, Traced)


def recorded_loop(body: Body, count: int | None, operands: tuple[Any, ...]) -> list[Any] | None:
    """Do a loop over operands, of which some are recorded; return None if none are, or not all can be followed."""
    operands = (*operands, *body.captured)
    if not all(map(followed, operands)) or not any(isinstance(x, Traced) for x in operands):
        return None
    loop = Loop(body, count)
    return loop(tuple(range(body.carries + loop.given_out)), operands)


def recorded_scan(step: Callable[[Any, Any], Any], begin: Any, xs: Any, count: int) -> tuple[Any, Any] | None:
    """Return what `scan` returns if it is recorded by `jit` as a loop, else None."""
    carry, rows, ys = Leaves(begin), Leaves(xs), []
    if not all(map(followed, (*carry.arrays, *rows.arrays))):
        return None

    def once(*leaves: Any) -> list[Any]:
        before = carry.filled(leaves[: len(carry.arrays)])
        after, y = pair(step(before, rows.filled(leaves[len(carry.arrays) :])))
        ys.append(Leaves(map_leaves(numeric, y)))
        return [*Leaves(following(before, after)).arrays, *ys[-1].arrays]

    examples = [first_run(x)[0] if count else np.zeros(x.shape[1:], x.dtype)[()] for x in rows.arrays]
    try:
        body = Body(once, carry.arrays, examples)
    except ConcreteValueError:
        if any(isinstance(x, Traced) for x in (*carry.arrays, *rows.arrays)):
            raise
        return None
    found = recorded_loop(body, count, (*carry.arrays, *rows.arrays))
    return None if found is None else (carry.filled(found[: body.carries]), ys[-1].filled(found[body.carries :]))


def recorded_while(condition: Callable[[Any], Any], step: Callable[[Any], Any], begin: Any) -> tuple[Any] | None:
    """Return what `while_loop` returns, in a tuple, if it is recorded by `jit` as a loop, else None."""
    carry = Leaves(begin)
    if not all(map(followed, carry.arrays)):
        return None

    waits = on_batches()

    def once(*leaves: Any) -> list[Any]:
        before = carry.filled(leaves)
        answer = condition(before)
        if np.shape(answer) != () or not isinstance(answer, Traced):
            holds(answer)
        after = Leaves(following(before, step(before))).arrays
        if waits:  # a step that is done too often changes nothing, so that rows that have ended can wait for others
            after = [np.where(plain(answer), new, old) for old, new in zip(leaves, after, strict=True)]
        return [plain(numeric(answer)), *after]

    try:
        body = Body(once, carry.arrays, [], conditional=True)
    except ConcreteValueError:
        if any(isinstance(x, Traced) for x in carry.arrays):
            raise
        return None
    found = recorded_loop(body, None, tuple(carry.arrays))
    return None if found is None else (carry.filled(found),)
