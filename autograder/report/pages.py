"""Pages: what marking found, told to a student and to a teacher. One HTML file each, complete in itself.

They run no script and fetch nothing, so they can be mailed, printed and opened years later. Every text that is
filled in is escaped by Jinja2 and stripped of characters that act, wherever it came from.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.ground.check import Check, raised
from autograder.ground.problem_sets import ProblemSet
from autograder.ground.untrusted_text import safe_names, visible
from autograder.ground.whole_file import write_whole
from autograder.mark.check_results import CheckResult
from autograder.mark.compare import describe_inputs, differs, shown
from autograder.mark.results import STATUSES, Grading, Result, Status, frequencies
from autograder.record.marks import Mark

EXAMPLE_SEED = 2024  # examples in reports are drawn from this seed; the seed of marking stays secret
BINS = 10
SLOWEST = 5
SHORT = 80  # characters of an input that may be said twice

WORDS: dict[Status, tuple[str, str]] = {
    "marked": ("Marked.", "Every check was asked, and your notebook answered."),
    "partly": ("Marked in part.", "Some cell or check was stopped; what could be checked counts."),
    "stopped": ("Stopped.", "Your notebook could not be run, so nothing could be checked."),
    "unreadable": ("Not readable.", "The file that you handed in is no notebook that can be read."),
    "missing": ("Missing.", "There was no notebook of this name in what you handed in."),
}


@dataclass(frozen=True)
class Misconception:
    """A known mistake that a class made: in which checks, how many students, an example, a question for the class.

    The example is computed from made-up input; no student's code or answer is in it.
    """

    mistake: str
    sentences: tuple[str, ...]
    count: int
    example: str
    question: str


def feedback_page(result: Result, grading: Grading, problem_set: ProblemSet, mark: Mark | None = None) -> str:
    """Return a student's page: points, what each check found, the idea behind it, the mistake that gives it.

    Parameters
    ----------
    result : Result
    grading : Grading
        The marking run that the result belongs to.
    problem_set : ProblemSet
    mark : Mark, optional
        What the gradebook has of this student: what a person gave and said, and what late work cost.

    Returns
    -------
    str
        A complete HTML page.
    """
    head, body = WORDS[result.status]
    ran = result.status not in ("unreadable", "missing")
    return _template("feedback.html").render(
        result=result,
        grading=grading,
        set=problem_set,
        ran=ran,
        manual=[_by_hand(c.grade_id, c.points, mark) for c in problem_set.manual_cells if ran],
        changed={id: mark.by_hand[id] for id in problem_set.checks.by_id if id in mark.by_hand} if mark else {},
        said={_title(id): words for id, words in mark.comments.items()} if mark else {},
        mark=mark,
        best=problem_set.max_points + sum(cell.points for cell in problem_set.manual_cells),
        words={"head": head, "body": body},
        share=_share,
        kind=_kind,
        verdict=_verdict,
    )


def report_page(
    grading: Grading,
    problem_set: ProblemSet,
    links: Mapping[str, str] | None = None,
    marks: Mapping[str, Mark] | None = None,
) -> str:
    """Return the teacher's page: who needs a look, what the class has not understood, how each check went.

    Parameters
    ----------
    grading : Grading
    problem_set : ProblemSet
    links : mapping of str to str, optional
        The address of each student's feedback page, relative to the report.
    marks : mapping of str to Mark, optional
        What the gradebook has of each student: parts marked by hand, and what late work costs.

    Returns
    -------
    str
        A complete HTML page.
    """
    handed = [result for result in grading.results if result.status != "missing"]
    read = [
        result for result in handed if result.status != "unreadable"
    ]  # what nobody can read is neither right nor wrong
    earned = [result.points for result in read]
    timed = sorted((r for r in handed if r.seconds > 0), key=lambda r: -r.seconds)
    return _template("report.html").render(
        grading=grading,
        set=problem_set,
        handed=handed,
        read=read,
        marked=sum(result.status == "marked" for result in handed),
        attention=[(result, why) for result in grading.results if (why := _to_look_at(result))],
        statuses=STATUSES,
        median=statistics.median(earned) if earned else 0.0,
        mean=statistics.fmean(earned) if earned else 0.0,
        maximum=problem_set.max_points,
        manual=problem_set.manual_cells,
        marks=marks or {},
        waiting=sum(mark.waits for mark in (marks or {}).values()),
        best=problem_set.max_points + sum(cell.points for cell in problem_set.manual_cells),
        misconceptions=misconceptions(read, problem_set),
        at_odds=[(result, check) for result in read for check in result.checks if check.at_odds],
        checks=_success(read, problem_set),
        histogram=_histogram(earned, problem_set.max_points),
        slowest=timed[:SLOWEST],
        name=partial(_name, links or {}),
        kind=_kind,
    )


def write_pages(grading: Grading, problem_set: ProblemSet, out: Path, marks: Mapping[str, Mark] | None = None) -> Path:
    """Write ``feedback/<student>.html`` for everyone, and ``report.html``, into the folder `out`.

    `marks` is what the gradebook has of each student, by the id there: see `autograder.record.marks`.

    Returns
    -------
    Path
        The report.
    """
    names = safe_names(result.student for result in grading.results)
    by_name = {student: marks[id] for student, id in names.items() if marks and id in marks}
    for result in grading.results:
        page = feedback_page(result, grading, problem_set, by_name.get(result.student))
        write_whole(out / "feedback" / f"{names[result.student]}.html", page)
    links = {student: f"feedback/{name}.html" for student, name in names.items()}
    write_whole(out / "report.html", report_page(grading, problem_set, links, by_name))
    return out / "report.html"


def _by_hand(cell: str, points: float, mark: Mark | None) -> dict[str, Any]:
    """Return what is shown of a part that a person marks."""
    given = mark.by_hand.get(cell) if mark else None
    return {
        "title": _title(cell),
        "points": points,
        "given": given.points if given else None,
        "comment": given.comment if given else "",
    }


def misconceptions(results: Sequence[Result], problem_set: ProblemSet) -> list[Misconception]:
    """Return the known mistakes of a class, most frequent first, ready to be talked about.

    A mistake that several checks know by the same words is one mistake; a student who made it twice counts once.
    """
    made: dict[str, list[CheckResult]] = {}
    for example, _ in frequencies(results):
        made.setdefault(str(example.mistake), []).append(example)
    found = []
    for mistake, examples in made.items():
        count = sum(any(c.mistake == mistake for c in result.checks) for result in results)
        check = problem_set.checks.by_id.get(examples[0].id)
        said, question = _example(check, mistake) if check else ("", "")
        sentences = tuple(example.sentence for example in examples)
        found.append(Misconception(mistake, sentences, count, said, question or "Why does that go wrong?"))
    return sorted(found, key=lambda m: -m.count)


def _example(check: Check, mistake: str) -> tuple[str, str]:
    """Return an example of a mistake on made-up input, and a question about it; "" where none can be computed.

    The mistake is told by its words: results of an older version of the checks know no other name.
    """
    ids = [id for id, known in check.mistakes.items() if known.words == mistake]
    if not ids:
        return "", ""
    for trial in range(2 * check.trials):
        try:
            inputs = check.draw(EXAMPLE_SEED, trial)
            expected = check.expected(**check.draw(EXAMPLE_SEED, trial))
            answer = check.mistaken(ids[0], check.draw(EXAMPLE_SEED, trial))
            error = raised(answer)
            if not error and not differs(answer, expected, *check.tolerance(inputs)):
                continue  # on this input the mistake does no harm
            given, right = f"With {describe_inputs(inputs)}", shown(expected)
            wrong = error.name if error else shown(answer)
        except Exception:  # an author's slip: the report must come out all the same
            return "", ""
        return _told(given, wrong, right, error is not None, check.accepts is None)
    return "", ""


def _told(given: str, wrong: str, right: str, raises: bool, unique: bool) -> tuple[str, str]:
    """Return the words of an example and of its question; what is long is not said twice."""
    again = given if len(given) <= SHORT else "With this input"
    answer = "right is" if unique else "one right answer is"
    if raises:
        return (
            f"{given}: the mistake stops with {wrong}; {answer} {right}.",
            f"{again}, why does this way end in {wrong}? What would have to change?",
        )
    example = f"{given}: the mistake gives {wrong}; {answer} {right}."
    if len(wrong) + len(right) > SHORT:
        return example, "Both answers above come from the same input. Where do they part, and why?"
    if unique:
        return (
            example,
            f"{again}, one answer is {wrong} and another is {right}. Which is right, and what did the other one do?",
        )
    return example, f"{again}, why is {wrong} not a right answer, while {right} is?"


def _to_look_at(result: Result) -> str:
    """Return why a person should look at a submission; "" where nobody need."""
    why = "\n".join(filter(None, [result.reason, *result.look]))
    return why or ("" if result.status == "marked" else STATUSES[result.status])


def _success(read: Sequence[Result], problem_set: ProblemSet) -> list[dict[str, Any]]:
    lines = []
    for check in problem_set.checks.checks:
        passed = [c.passed for result in read for c in result.checks if c.id == check.id]
        share = _share(sum(passed), len(passed))
        kind = "right" if share >= 75 else "part" if share >= 40 else "wrong"
        lines.append({"sentence": check.sentence, "right": sum(passed), "share": share, "kind": kind})
    return lines


def _histogram(earned: Sequence[float], maximum: float) -> list[dict[str, Any]]:
    """Return how many students earned how many points, a line for each range of points."""
    bins = max(1, min(BINS, math.ceil(maximum)))
    counts = [0] * bins
    for points in earned:
        counts[min(bins - 1, max(0, int(points / maximum * bins))) if maximum else 0] += 1
    edges = [_number(maximum * i / bins) for i in range(bins + 1)]
    ranges = [f"{low} to {high}" for low, high in pairwise(edges)]
    return [{"range": r, "count": n, "share": _share(n, max(counts))} for r, n in zip(ranges, counts, strict=True)]


def _name(links: Mapping[str, str], result: Result) -> Markup | str:
    """Return a student's name, linked to the feedback page where there is one."""
    if result.student not in links:
        return result.student
    address = "/".join(re.sub(r"[^\w.-]", _percent, part, flags=re.ASCII) for part in links[result.student].split("/"))
    return Markup('<a href="{}">{}</a>').format(address, visible(result.student))


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8"))


def _kind(check: CheckResult) -> str:
    return "right" if check.passed else "part" if 0 < check.points < check.max_points else "wrong"


def _verdict(check: CheckResult) -> str:
    """Return a check's verdict in words, with a sign that does not depend on colour."""
    sign = {"right": "✓", "part": "◐", "wrong": "✗"}[_kind(check)]
    return f"{sign} {check.verdict}"


def _share(part: float, whole: float) -> float:
    return round(100 * min(max(part / whole, 0.0), 1.0), 1) if whole and math.isfinite(part) else 0.0


def _title(grade_id: str) -> str:
    return re.sub(r"[-_]+", " ", grade_id).strip().capitalize()


def _number(value: float) -> str:
    """Return points with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"


def _count(number: float, noun: str) -> str:
    """Return a number with its noun: "1 student", "2 students"."""
    return f"{_number(number)} {noun}" if number == 1 else f"{_number(number)} {noun}s"


def _sentence(words: str) -> str:
    """Return words as a sentence: a capital at the front, a full stop at the end."""
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")


def _coded(words: str) -> Markup:
    """Return an author's words with `names` in backticks set as code, everything escaped."""
    parts = visible(words).split("`")
    if len(parts) % 2 == 0:  # an odd backtick is only a backtick
        return Markup.escape("`".join(parts))
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else p for i, p in enumerate(parts))


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.report"),
        autoescape=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "count": _count, "sentence": _sentence, "coded": _coded}
    return environment.get_template(name)
