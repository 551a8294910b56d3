"""Instant checks in a student's own notebook: the same checks, in the student's own kernel, with the hint ladder.

A failed check first shows the input, what was returned and what was expected. The hint is there on request, and on a
further request the named mistake: self-checks teach, and do not invite guessing. Inputs change at every run.

An import that the problem set does not declare is refused here as it is when marking, so that what passes at home
passes when marked.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import html
import re
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.authoring.afresh import afresh
from autograder.authoring.given import Given
from autograder.authoring.patience import TooLong, within
from autograder.ground.answers import Outcome, attempt, decode, describe, encode, outcome, plain_text
from autograder.ground.check import ASKED, Check
from autograder.ground.problem_sets import ProblemSet, ProblemSetError, find
from autograder.ground.runs import CannotRun, Trial
from autograder.ground.stored import MARKED_LATER
from autograder.mark.check_results import CheckResult, mark_check, smallest, tells_more, tried_with
from autograder.mark.counted_once import counted_once
from autograder.mark.faults import Asked, fault
from autograder.mark.judging import known_answers, questions
from autograder.mark.memory import REMEMBERS, remembers
from autograder.run.declared import declared
from autograder.run.stand_ins import stands_in

ABSENT = object()
NEVER = Outcome("stopped", text="it was never asked, since the trial before was stopped")
LATER = "(If a later cell defines it, run that cell and check again: when marked, all cells run before the checks.)"
UNKNOWN = "No mistake that we know explains what was seen. Try the part on a small input of your own, step by step."


class CheckFailed(AssertionError):
    """An instant check that is not yet right; Jupyter shows its one line and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class InstantChecks:
    """The checks of one problem set, for use in a notebook; see `autograder.checks.problem_set`.

    `marking` tells a notebook's pictures whether anybody looks at them: here False, and true where it is marked.
    """

    marking = False

    def __init__(self, problem_set: ProblemSet, names: dict[str, Any]):
        self._id = problem_set.id
        self._set = problem_set
        self._checks = problem_set.checks
        self._names = names
        self._results: dict[str, CheckResult] = {}
        self._trials: dict[str, list[Asked]] = {}
        self._hinted: set[str] = set()

    @classmethod
    def open(cls, id: str, exercises: str | Path | None, names: dict[str, Any]) -> InstantChecks:
        """Find the problem set and watch the notebook's imports."""
        problem_set = find(id, exercises)
        guard_imports(id, problem_set.checks.imports)
        return cls(problem_set, names)

    def check(self, id: str) -> None:
        """Try the check on fresh inputs; show what came of it.

        Raises
        ------
        CheckFailed
            If the answer is not yet right.
        ProblemSetError
            If there is no check of that name.
        """
        if id not in self._checks.by_id:
            raise ProblemSetError(f"{self._id} has no check {id!r}. It has: {', '.join(self._checks.by_id)}.")
        check = self._checks.by_id[id]
        if check.home == "private" and self._set.stored is not None:
            print(f"{id}: {check.sentence}\n{MARKED_LATER}")
            return
        seed = secrets.randbits(32)
        result, trials = self._ask(check, seed)
        aside = ""
        if not result.passed and check.needs and (self._set.folder / "notebook.md").is_file():
            with self._reference(check.needs):
                again, trials_then = self._ask(check, seed)
            if tells_more(again, result):
                result, trials, aside = again, trials_then, tried_with(check, again.passed, self._right(check.needs))
        # What was answered may be an array, which is compared entry by entry.
        said = [trial.outcome for trial in trials]
        if any(o.kind == "missing" or (o.kind == "raised" and o.value == "NameError") for o in said):
            aside = f"{aside} {LATER}".lstrip()
        if not (result.passed or result.mistake or result.stopped or aside) and self._remembers(check, trials):
            result = replace(result, mistake=REMEMBERS)
        self._results[id] = result
        self._trials[id] = trials
        self._hinted.discard(id)
        show(Verdict(self._id, result, aside))
        if not result.passed:
            illustrate(check, trials)
            raise CheckFailed(f"{id}: not yet right (see above).")

    def _right(self, parts: Sequence[str]) -> bool:
        """Whether all checks of these parts were right when they were last tried here."""
        ids = [check.id for check in self._checks.checks if check.part in parts]
        return all(id in self._results and self._results[id].passed for id in ids)

    def _ask(self, check: Check, seed: int) -> tuple[CheckResult, list[Asked]]:
        """Try a check on the inputs of this seed; what crosses does so in the form in which it leaves the sandbox."""
        trials = self._series(check, seed, self._names)
        return mark_check(check, trials), trials

    def _series(self, check: Check, seed: int, names: dict[str, Any]) -> list[Asked]:
        trials: list[Asked] = []
        for trial, known in zip(questions(check, seed), known_answers(check, seed), strict=True):
            stopped = bool(trials) and trials[-1].outcome.kind == "stopped"
            said = NEVER if stopped else self._outcome(check, trial.inputs, trial.number, names)
            trials.append(Asked(trial.inputs, said, known))
        return trials

    def _remembers(self, check: Check, trials: Sequence[Asked]) -> bool:
        """Whether functions that are made anew for each trial are right, and those that are not are wrong; twice."""
        asked = tuple(ASKED.findall(check.probe_source))

        def alone(trial: Asked, number: int) -> Asked:
            fresh = afresh(asked, self._names)
            said = NEVER if fresh is None else self._outcome(check, trial.inputs, number, fresh)
            return Asked(trial.inputs, said, trial.known)

        if any(fault(check, trial) and fault(check, alone(trial, k)) for k, trial in enumerate(trials)):
            return False  # nearly every wrong answer ends here, after one call
        for _ in range(2):
            if (fresh := afresh(asked, self._names)) is None:
                return False
            series = self._series(check, secrets.randbits(32), fresh)
            if not remembers(check, series, [alone(trial, number) for number, trial in enumerate(series)]):
                return False
        return True

    def _outcome(self, check: Check, inputs: Mapping[str, Any], number: int, names: dict[str, Any]) -> Outcome:
        """Ask one question, within the time that it has when marked."""
        trial = Trial(check.id, number, check.probe_source, inputs, offers=check.offers)
        offered = trial.offered()
        try:
            with within(check.seconds):
                crossed = decode(encode(dict(inputs))) | offered.at_home()
                return offered.judged(outcome(attempt(check.probe_source, names, crossed)))
        except TooLong as late:
            place = describe(late.__cause__)[2] if late.__cause__ else ""
            at = f" (at {place})" if place else ""
            text = f"it had not finished after {check.seconds:.3g} s: is there a loop that never ends?{at}"
            return Outcome("stopped", text=plain_text(text))
        except KeyboardInterrupt as stop:
            place = describe(stop)[2]
            print(f"Stopped in {check.id}, trial {number + 1} of {check.trials}{f', at {place}' if place else ''}.")
            raise

    def again(self, id: str, answer: bool = False) -> Given | None:
        """Give back the smallest trial in which the check failed: its inputs, as attributes and as a mapping.

        Parameters
        ----------
        id : str
            The check.
        answer : bool
            Whether to add what was `returned` and, where one answer is right, what was `expected`.

        Examples
        --------
        In a notebook::

            given = ps7.again("new-means")
            new_means(**given)
            ps7.again("new-means", answer=True).expected
        """
        if id not in self._checks.by_id:
            raise ProblemSetError(f"{self._id} has no check {id!r}. It has: {', '.join(self._checks.by_id)}.")
        check = self._checks.by_id[id]
        trial = smallest(check, self._trials.get(id, ()))
        if trial is None:
            passed = id in self._results
            print("This check is right already." if passed else f'Run {self._id}.check("{id}") first.')
            return None
        told = {}
        if answer:
            told["returned"] = trial.outcome.value if trial.outcome.kind == "answer" else trial.outcome.text
            if check.accepts is None:
                told["expected"] = copy.deepcopy(trial.answer_of("expected", check.expected))
        return Given(copy.deepcopy(dict(trial.inputs)), told)

    @contextlib.contextmanager
    def _reference(self, parts: tuple[str, ...]) -> Iterator[None]:
        """Put the reference's solutions of these parts in place of the notebook's, as marking does, for a while."""
        scratch = dict(self._names)
        for part in parts:
            exec(self._set.cell(part).source, scratch)
        changed = {name: value for name, value in scratch.items() if self._names.get(name, ABSENT) is not value}
        kept = {name: self._names[name] for name in changed if name in self._names}
        self._names.update(changed)
        try:
            yield
        finally:
            for name in changed:
                del self._names[name]
            self._names.update(kept)

    def hint(self, id: str) -> None:
        """Show the concept behind a failed check; called again, the mistake that gives what was seen."""
        result = self._results.get(id)
        if id not in self._checks.by_id:
            raise ProblemSetError(f"{self._id} has no check {id!r}. It has: {', '.join(self._checks.by_id)}.")
        if result is not None and result.passed:
            print("This check is right already.")
        elif result is None:
            print(f'Run {self._id}.check("{id}") first: a hint answers a check that is not yet right.')
        elif id not in self._hinted:
            self._hinted.add(id)
            more = (
                f'\n(Once more {self._id}.hint("{id}") names a mistake that gives what was seen.)'
                if result.mistake
                else ""
            )
            print(result.hint + more)
        else:
            print(likely(result))

    def __repr__(self) -> str:
        lines = [f"{self._id}: {self._earned:g} of {worth(self._set.max_points)} so far"]
        for check in self._checks.checks:
            result = self._results.get(check.id)
            state = "not tried" if result is None else "right" if result.passed else "not yet right"
            lines.append(f"  {check.id:<24} {worth(check.points):<10} {state}")
        return "\n".join(lines)

    @property
    def _earned(self) -> float:
        checks = [check for check in self._checks.checks if check.id in self._results]
        return sum(r.points for r in counted_once(checks, [self._results[check.id] for check in checks]))


class Verdict:
    """The result of one instant check, which displays itself as text or as HTML with the hints folded in."""

    def __init__(self, set_id: str, result: CheckResult, aside: str = ""):
        self.set_id = set_id
        self.result = result
        self.aside = aside

    def __repr__(self) -> str:
        r = self.result
        if r.passed:
            return f"Right: {r.statement} ({worth(r.max_points)}) {self.aside}".rstrip()
        finding = f"{r.finding} {self.aside}".rstrip()
        return f'Not yet: {r.sentence}\n{finding}\nFor a hint: {self.set_id}.hint("{r.id}")'

    def _repr_html_(self) -> str:
        r = self.result
        sentence, finding = coded(r.statement), coded(f"{r.finding} {self.aside}".rstrip())
        if r.passed:
            small = f"<small>({worth(r.max_points)}) {self.aside}</small>"
            return box("#009e73", f"<b>&#10003; Right.</b> {sentence} {small}")
        ladder = (
            f"<details><summary>A hint</summary><p>{coded(r.hint)}</p>"
            f"<details><summary>What would give this</summary><p>{coded(likely(r))}</p></details></details>"
        )
        body = f"<b>&#10007; Not yet.</b> {sentence}<p style='white-space:pre-wrap'>{finding}</p>{ladder}"
        return box("#d55e00", body)


def coded(text: str) -> str:
    """Return an author's text as HTML, with what stands in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def worth(points: float) -> str:
    """Return points with their noun."""
    return f"{points:g} point{'' if points == 1 else 's'}"


def likely(result: CheckResult) -> str:
    """Return the named mistake in a sentence, or say that none was recognised."""
    return result.recognised or UNKNOWN


def box(colour: str, body: str) -> str:
    """Return a framed piece of HTML that reads in light and dark themes."""
    return f"<div style='border-left:4px solid {colour};padding:.4em .8em;margin:.2em 0'>{body}</div>"


def show(verdict: Verdict) -> None:
    """Display in a notebook, print elsewhere."""
    if shell() is not None:
        from IPython.display import display

        display(verdict)
    else:
        print(verdict)


def illustrate(check: Check, trials: Sequence[Asked]) -> None:
    """Show the smallest wrong answer in the check's own picture, if it has one; words alone outside of a notebook."""
    if check.picture is None:
        return
    trial = smallest(check, [trial for trial in trials if trial.outcome.kind == "answer"])
    if trial is None:
        return
    # The answer may be of any form, and a picture that fails must not stand before the verdict.
    with contextlib.suppress(Exception):
        words, picture = check.picture(trial.outcome.value, **copy.deepcopy(dict(trial.inputs)))
        print(words)
        if shell() is not None:
            from IPython.display import display

            display(picture)


def shell() -> Any:
    """Return the running IPython shell, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def guard_imports(id: str, imports: tuple[str, ...]) -> None:
    """Refuse cells that import what the problem set does not declare, as marking does."""
    ip = shell()
    if ip is None:
        return
    ip.ast_transformers[:] = [t for t in ip.ast_transformers if not isinstance(t, ImportGuard)]
    ip.ast_transformers.append(ImportGuard(id, imports))


class ImportGuard(ast.NodeTransformer):
    """Refuses a cell that imports an undeclared module."""

    def __init__(self, id: str, imports: tuple[str, ...]):
        self.id = id
        self.imports = imports

    def visit_Import(self, node: ast.Import) -> ast.Import:
        """Look at ``import a.b, c``."""
        for alias in node.names:
            self.require(alias.name)
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        """Look at ``from a import b``."""
        if node.module and not node.level:
            self.require(node.module)
            for alias in node.names:  # of a package of which only a part is declared, only that part is there
                self.require(f"{node.module}.{alias.name}")
        return node

    def require(self, name: str) -> None:
        """Reject the cell unless `name` may be imported."""
        if not may_import(name, self.imports):
            from IPython.core.error import InputRejected

            *others, last = ("the standard library", *self.imports)
            error = InputRejected(
                f"This cell imports {name}. In {self.id} you may import {', '.join(others)} and {last}: nothing "
                f"else is there when your notebook is marked. Take the import out, and run the cell again."
            )
            error._render_traceback_ = lambda: [str(error)]  # Jupyter then shows the sentence and no traceback
            raise error


def may_import(name: str, imports: tuple[str, ...]) -> bool:
    """Whether a notebook may import the module `name`: declared, the standard library, these checks, or Jupyter's own.

    A declared distribution brings its modules and those of what it requires, as it does when marking: with
    scikit-learn, sklearn and scipy. One that is not installed here is taken by its name.

    Examples
    --------
    >>> may_import("numpy.linalg", ("numpy",)), may_import("math", ()), may_import("pandas", ("numpy",))
    (True, True, False)
    """
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top == "autograder" or stands_in(name):
        return True
    try:
        return declared(imports).allows(name)
    except CannotRun:
        return any(f"{name}.".startswith(f"{i}.") for i in imports)
