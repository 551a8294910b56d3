"""A recorded loop as text: a function with a loop in it, whose lines are those of its body.

    def scan1(a1, a2, w2):
        w1 = a1.copy()
        for w3 in a2:
            w1 = ...
        return w1

What is carried has memory of its own, copied from where it begins, so that a step may write over the carry that it
was given: sums are added up in place. Memory in between is planned once and serves all steps. As with programs there
are two dialects: a loop of numbers runs on Python's floats, and again on NumPy's if Python refuses.
"""

import math
from typing import Any

import numpy as np

from course_lib.autodiff.graph.emit import ATOM, REFUSALS, Emitter, worth_floats
from course_lib.autodiff.graph.plan import Plan, needed, workspace
from course_lib.autodiff.graph.program import Step
from course_lib.autodiff.graph.simplify import simplified
from course_lib.autodiff.overloading.selection import is_nan, refuse_spoiled

_FLOAT = np.dtype(float)


class LoopRun:
    """A loop compiled for some of its results.

    Called with the operands, it returns a tuple with a place for each result of the loop, None where it is not wanted.
    """

    def __init__(self, loop: Any, wanted: tuple[int, ...], name: str) -> None:
        self.loop, self.wanted, self.name = loop, wanted, name
        body = loop.body
        self.given_out = [n for n in range(body.carries, loop.first_state) if n in wanted]
        self.states = [n for n in range(loop.first_state, loop.first_state + body.carries) if n in wanted]
        first = body.conditional + body.carries
        results = [*body.results[:first], *(body.results[n + body.conditional] for n in self.given_out)]
        asked = [x for sides in body.asked for side in sides for x in side]
        steps, found = simplified([*body.arguments, *body.steps], [*results, *asked])
        self.results, rest = found[: len(results)], iter(found[len(results) :])
        self.asked = [[[next(rest) for _ in side] for side in sides] for sides in body.asked]
        if body.conditional:  # first what the condition needs
            self.early, self.asked_early = self.before_the_end(steps)
            steps = [*(s for s in steps if s in self.early), *(s for s in steps if s not in self.early)]
        owned = tuple([a for a in body.arguments[: body.carries] if a.shape])
        self.plan = Plan(steps, found, owned)
        self.memory: list[tuple[Any, ...]] = []  # of runs that have ended
        self.floats = worth_floats(self.plan)
        self.source, self.function = self.written(self.floats)
        self.again: Any = None  # the same in NumPy's numbers, written when Python refuses for the first time

    def before_the_end(self, steps: list[Step]) -> tuple[set[Step], int]:
        """Return what is done before the condition is known, and how many sweeps this depends on, which come first."""
        early = set(needed(steps, self.results[:1]))
        count = 0
        for number, sides in enumerate(self.asked, 1):
            if any(isinstance(x, Step) and x.operation is not None and x in early for x in sides[1]):
                count = number
        sides_before = [x for sides in self.asked[:count] for side in sides for x in side]
        return set(needed(steps, [self.results[0], *sides_before])), count

    def __call__(self, *operands: Any) -> tuple[Any, ...]:
        """Do the loop."""
        memory: tuple[Any, ...] = ()
        if self.plan.buffers:
            try:
                memory = (self.memory.pop(),)
            except IndexError:
                memory = (workspace(self.plan.buffers, self.plan.sizes),)
        found = None
        if self.floats:
            try:
                found = self.function(*(float(x) if type(x) is np.float64 else x for x in operands), *memory)
            except REFUSALS:
                found = None
            if found is not None and not all(y is None or _finite(y) for y in found):
                found = None
            if found is None and self.again is None:
                self.again = self.written(False)[1]
        if found is None:
            function = self.again if self.floats else self.function
            found = function(*(np.float64(x) if type(x) is float else x for x in operands), *memory)
        self.memory.extend(memory)
        return tuple([np.float64(y) if type(y) is float else y for y in found])

    def written(self, floats: bool) -> tuple[str, Any]:
        """Write the function in one dialect, and compile it."""
        emitter = LoopEmitter(self.plan, floats, f"{self.name}_")
        text = emitter.loop_text(self)
        exec(compile(emitter.own, "<recorded loop>", "exec"), emitter.space)
        return text, emitter.space[self.name]


def _finite(y: Any) -> bool:
    return math.isfinite(y) if type(y) is float else bool(np.all(np.isfinite(y)))


class LoopEmitter(Emitter):
    """Writes the function of a loop."""

    def loop_text(self, run: LoopRun) -> str:
        """Return the whole function."""
        loop, body = run.loop, run.loop.body
        self.begin()
        names = [self.names[argument].text for argument in body.arguments]
        carried, rows = names[: body.carries], names[body.carries : body.carries + body.rows]
        starts, arrays = [f"a{k}" for k in range(1, body.carries + 1)], [f"x{k}" for k in range(1, body.rows + 1)]
        self.body_lines(run)
        first = int(body.conditional)
        following = self.copies(run.results[first : first + body.carries])
        given = [
            self.expression(y).text if isinstance(y, Step) else self.constant(y)
            for y in run.results[first + body.carries :]
        ]
        before, inside, after, kept = self.stacks(run, dict(zip(run.given_out, given, strict=True)), carried)
        moved = [(name, text) for name, text in zip(carried, following, strict=True) if name != text]
        if moved:
            after.append(f"{', '.join(name for name, _ in moved)} = {', '.join(text for _, text in moved)}")
        lines = [
            f"{name} = {start}{'.copy()' if argument.shape else ''}"
            for name, start, argument in zip(carried, starts, body.arguments, strict=False)
        ]
        lines += [*before, self.head(run, rows, arrays, bool(kept) and not body.conditional)]
        lines += [f"    {line}" for line in [*inside, *self.lines, *after] or ["pass"]]
        results = [*(kept.get(n, "None") for n in range(loop.first_state + body.carries))]
        for k, name in enumerate(carried):
            results[k] = name if k in run.wanted else "None"
        lines.append(f"return ({''.join(f'{text}, ' for text in results).rstrip()})")
        return self.whole(run.name, [*starts, *arrays, *names[body.carries + body.rows :]], lines)

    def body_lines(self, run: LoopRun) -> None:
        """Write the lines of the body, with an end where the condition does not hold."""
        before = run.asked_early if run.loop.body.conditional else 0
        steps = [step for step in self.plan.steps if step.operation is not None]
        if run.loop.body.conditional:
            for step in steps:
                if step in run.early:
                    self.write(step)
            self.refuse_spoiled(run.asked[:before])
            self.lines.append(f"if not {self.answer(run.results[0])}: break")
            steps = [step for step in steps if step not in run.early]
        for step in steps:
            self.write(step)
        self.refuse_spoiled(run.asked[before:])

    def refuse_spoiled(self, asked: list[Any]) -> None:
        """Write what gives the run up where a sweep in the step gave NaN for a finite value."""
        for values, derivatives in asked:
            undefined = [
                f"is_nan({text})" if np.ndim(x) else f"{text} != {text}"
                for x in derivatives
                for text in [self.expression(x).within(ATOM)]
            ]
            sides = ", ".join(f"[{', '.join(map(self.operand, side))}]" for side in (values, derivatives))
            self.space |= {"is_nan": is_nan, "refuse_spoiled": refuse_spoiled}
            self.lines.append(f"if {' or '.join(undefined)}: refuse_spoiled({sides})")

    def answer(self, condition: Any) -> str:
        """Write the condition."""
        return f"({self.expression(condition).text})" if isinstance(condition, Step) else self.constant(condition)

    def head(self, run: LoopRun, rows: list[str], arrays: list[str], numbered: bool) -> str:
        """Write the line that begins the loop."""
        loop, body = run.loop, run.loop.body
        if body.conditional:
            return "while True:"
        over = []
        for name, argument in zip(arrays, body.arguments[body.carries :], strict=False):
            turned = f"{name}[::-1]" if loop.backwards else name
            numbers = self.floats and not argument.shape and argument.dtype == _FLOAT
            over.append(f"{turned}.tolist()" if numbers else turned)
        if not over:
            return f"for k in range({loop.count}):"
        several = f"zip({', '.join(over)})" if len(over) > 1 else over[0]
        if numbered:
            return f"for k, {rows[0] if len(rows) == 1 else '(' + ', '.join(rows) + ')'} in enumerate({several}):"
        return f"for {', '.join(rows)} in {several}:"

    def stacks(
        self, run: LoopRun, given: dict[int, str], carried: list[str]
    ) -> tuple[list[str], list[str], list[str], dict[int, str]]:
        """Write lines before the loop, at the begin and at the end of a step, and after it, that keep rows."""
        loop = run.loop
        before: list[str] = []
        inside: list[str] = []
        after: list[str] = []
        kept: dict[int, str] = {}
        length = str(loop.count) if loop.count is not None else "len(x1)"
        for place, number in enumerate([*run.states, *run.given_out], 1):
            like, state = loop.like(number), number >= loop.first_state
            text = carried[number - loop.first_state] if state else given[number]
            lines = inside if state else after
            if loop.body.conditional:
                before.append(f"r{place} = []")
                if state:
                    after.append(f"r{place}.append({text}{'.copy()' if like.ndim > 1 else ''})")
                sizes = ", ".join([f"len(r{place})", *map(str, like.shape[1:])])
                shape = f".reshape({sizes})" if like.ndim > 1 else ""
                kept[number] = f"np.array(r{place}, dtype='{like.dtype}'){shape}"
                continue
            shape = ", ".join([length, *map(str, like.shape[1:])]) + "," * (like.ndim == 1)
            before.append(f"r{place} = np.empty(({shape}), dtype='{like.dtype}')".replace(", dtype='float64'", ""))
            target = f"r{place}"
            if loop.backwards:
                before.append(f"s{place} = r{place}[::-1]")
                target = f"s{place}"
            lines.append(f"{target}[k] = {text}")
            kept[number] = f"r{place}"
        return before, inside, after, kept
