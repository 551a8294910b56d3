"""One mistake costs once: where it explains several checks of a part, the largest of their losses counts.

Who writes ``=`` for ``+=`` in a sweep fails every check in which a value is used twice. Each of them shows red, and
each says why; but it is one slip, and it costs what the dearest of these checks costs. Only what is known counts: every
trial of these checks, harmless ones included, came out as the same mistake would make it. And only where something
was worked out: a cell that returns nothing, or what it was given, or that only raises, in whatever words, has made
every mistake of that kind and done none of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.ground.check import Check
from autograder.mark.check_results import CheckResult


def counted_once(checks: Sequence[Check], results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the results, in which a mistake that several checks of a part share costs once.

    Parameters
    ----------
    checks : sequence of Check
        The checks, in the order of the results.
    results : sequence of CheckResult

    Returns
    -------
    tuple of CheckResult
        Those that are already counted keep their verdict, get their points back, and say where it is counted.
    """
    places: dict[tuple[str, str], list[int]] = {}
    for place, (check, result) in enumerate(zip(checks, results, strict=True)):
        for id in result.mistake_ids:
            places.setdefault((check.part, id), []).append(place)
    counted = list(results)
    done: set[int] = set()
    for places_of_one in sorted(places.values(), key=len, reverse=True):
        group = [place for place in places_of_one if place not in done]
        if len(group) < 2 or not any(results[place].work for place in group):
            continue
        done.update(group)
        dearest = max(group, key=lambda place: results[place].max_points - results[place].points)
        for place in group:
            result = results[place]
            if place != dearest and result.points < result.max_points:  # and not counted so by an earlier marking
                said = f"{result.finding} (Already counted with `{results[dearest].id}`: it is the same mistake.)"
                counted[place] = replace(result, points=result.max_points, finding=said)
    return tuple(counted)
