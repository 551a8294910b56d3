"""Matplotlib's list of fonts, made once and then given to every sandbox.

Matplotlib looks at every font of a machine when it is first imported, which takes a second, and keeps the list in a
folder of its own. A sandbox forgets that folder each time. So the list is made in a sandbox, whose fonts are those of
matplotlib alone, and kept here, in the user's cache, for each version of matplotlib.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import json
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from autograder.ground.runs import Trial
from autograder.run.launch import Launcher, run

PROBE = """
def probe(student):
    import matplotlib, matplotlib.font_manager, pathlib
    folder = pathlib.Path(matplotlib.get_cachedir())
    return {path.name: path.read_text() for path in folder.glob("fontlist-*.json")}
"""
NAME = re.compile(r"fontlist-v?[0-9.]+\.json")

_one_at_a_time = threading.Lock()
_known: dict[str, Mapping[str, str]] = {}


def font_lists(launcher: Launcher) -> Mapping[str, str]:
    """Return matplotlib's list of fonts as file names and texts; `launcher` starts the sandbox that makes it."""
    version = _version()
    with _one_at_a_time:
        if version not in _known:
            _known[version] = _from_cache(version) or _made(version, launcher)
        return _known[version]


@functools.cache
def _version() -> str:
    return importlib.metadata.version("matplotlib")


def _from_cache(version: str) -> Mapping[str, str]:
    try:
        return _checked(json.loads(_cached(version).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _made(version: str, launcher: Launcher) -> Mapping[str, str]:
    trial = Trial("fonts", 0, PROBE, {}, 60.0)
    try:
        made = _checked(run([], [trial], launcher).outcomes["fonts", 0].value)
    except ValueError:
        return {}  # each sandbox makes its own, as it would have to
    cached = _cached(version)
    with contextlib.suppress(OSError):
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=cached.parent, delete=False) as file:
            json.dump(made, file)
        os.replace(file.name, cached)
    return made


def _cached(version: str) -> Path:
    return cache_folder() / f"fonts-{version}.json"


def cache_folder() -> Path:
    """Return the folder of things that can be made again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autograder"


def _checked(form: object) -> Mapping[str, str]:
    if (
        isinstance(form, dict)
        and form
        and all(isinstance(text, str) and NAME.fullmatch(name) for name, text in form.items())
    ):
        return form
    raise ValueError("not a list of fonts")
