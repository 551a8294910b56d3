"""A private set's checks as students have them: read back from the file beside the notebook, which `sampled` writes.

A stored input stands for all that the author's code would say of it: the right answer, the tolerance, and what each
known mistake would answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.ground.answers import decode, encode
from autograder.ground.check import Breaks, Check, CheckFile, Mistake, Raises

FORMAT = 1
SUFFIX = ".checks.json"
MARKED_LATER = "This is checked when your notebook is marked."


def read_stored(path: Path, id: str) -> dict[str, Any]:
    """Read the file of the set `id`.

    Raises
    ------
    ValueError
        If it is none, or of another set or format.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT or said["set"] != id:
            raise ValueError(f"it is of the set {said['set']}, format {said['format']}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} cannot be read: {error}. Take it anew from what you were given.") from None
    return dict(said)


def stored_checks(said: Mapping[str, Any]) -> CheckFile:
    """Return the checks, on stored inputs; none builds on the reference's earlier parts, which are not here."""
    return CheckFile(tuple(map(_check, said["checks"])), tuple(said["imports"]), float(said["seconds"]))


def _check(said: Mapping[str, Any]) -> Check:
    if said["home"] == "private":
        return Check(
            said["id"], said["part"], said["points"], (), said["sentence"], 1, lambda rng: {},
            "def probe(student):\n    return None", lambda: None, None, {}, (), said["hint"], None, False, 0.0, 0.0,
            1.0, home="private",
        )  # fmt: skip
    samples = {_key(decode(sample["inputs"])): sample for sample in said["samples"]}
    drawn = list(samples.values())

    def of(inputs: Mapping[str, Any]) -> dict[str, Any]:
        return samples[_key(inputs)]

    def mistake(id: str) -> Callable[..., Any]:
        return lambda **inputs: _recalled(of(inputs)["mistakes"].get(id))

    return Check(
        said["id"], said["part"], said["points"], (), said["sentence"], said["trials"],
        lambda rng: decode(drawn[int(rng.integers(len(drawn)))]["inputs"]),
        said["probe"], lambda **inputs: decode(of(inputs)["expected"]), None,
        {id: Mistake(about["words"], mistake(id), about["seen"]) for id, about in said["mistakes"].items()},
        tuple(said["returns"]), said["hint"], None, said["partial"],
        lambda **inputs: of(inputs)["tolerance"][0], lambda **inputs: of(inputs)["tolerance"][1], said["seconds"],
        array=said["array"],
    )  # fmt: skip


def _key(inputs: Mapping[str, Any]) -> str:
    return json.dumps(encode(dict(inputs)), sort_keys=True)


def _recalled(stored: Mapping[str, Any] | None) -> Any:
    """Return a mistake's answer from what is stored; one that cannot be known explains nothing."""
    match stored:
        case {"breaks": says}:
            return Breaks(says)
        case {"raises": kind, "says": says, "line": line, "by_probe": by_probe}:
            return Raises(kind, says, line, by_probe)
        case {"answer": form}:
            return decode(form)
    return Exception
