"""What a problem set may import, as files: the only ones beside the standard library that its notebooks get to see.

A declared name is a distribution or one of its modules ("matplotlib", "sklearn"), which brings what it requires; or a
dotted name inside a local package ("course_lib.datasets"), which brings that part alone and the `__init__.py` of the
packages around it. NumPy is always among them, since answers are written with it.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.ground.runs import CannotRun


@dataclass(frozen=True)
class Declared:
    """The declared imports and their files.

    `places` maps where a file or folder belongs below a folder of packages ("numpy", "course_lib/datasets") to where
    it is on this machine.
    """

    imports: tuple[str, ...]
    places: dict[str, Path]

    def folders(self) -> dict[str, str]:
        """Map each top-level module to the folder that it is imported from."""
        found = {}
        for place, path in self.places.items():
            depth = place.count("/") + 1
            top = place.partition("/")[0]
            name = top.partition(".")[0]
            if name.isidentifier() and not top.endswith((".libs", ".dist-info", ".egg-info")):
                found[name] = str(path.parents[depth - 1])
        return found

    def allows(self, name: str) -> bool:
        """Whether the module `name` is among them: the rule of the worker's own finder."""
        top = name.partition(".")[0]
        parts = [part for part in self.imports if part.startswith(f"{top}.")]
        inside = any(f"{name}.".startswith(f"{part}.") or f"{part}.".startswith(f"{name}.") for part in parts)
        return top in self.folders() and (top in self.imports or not parts or inside)


@functools.lru_cache
def declared(imports: tuple[str, ...]) -> Declared:
    """Find the files of the declared imports in the running environment.

    Raises
    ------
    CannotRun
        If one of them is not installed here.
    """
    places: dict[str, Path] = {}
    distributions: dict[str, importlib.metadata.Distribution] = {}
    for name in dict.fromkeys(("numpy", *imports)):
        distribution = None if "." in name else _distribution(name)
        if distribution is None:
            places |= _local(name)
        else:
            _require(distribution, distributions)
    for distribution in distributions.values():
        places |= _files(distribution)
    return Declared(tuple(imports), places)


def _distribution(name: str) -> importlib.metadata.Distribution | None:
    """Return the distribution that `name` means, or None if it is a package of our own."""
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        pass
    providers = importlib.metadata.packages_distributions()
    found = providers.get(name, ())
    # A package that comes in one distribution with this autograder must not bring the autograder with it.
    if not found or set(found) & set(providers.get("autograder", ())):
        return None
    return importlib.metadata.distribution(found[0])


def _require(distribution: importlib.metadata.Distribution, found: dict[str, importlib.metadata.Distribution]) -> None:
    """Add a distribution and everything that it requires here to `found`."""
    from packaging.requirements import Requirement

    name = re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower()
    if name in found:
        return
    found[name] = distribution
    for line in distribution.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            try:
                needed = importlib.metadata.distribution(requirement.name)
            except importlib.metadata.PackageNotFoundError:
                continue  # what the distribution does without here, it does without in there
            _require(needed, found)


def _files(distribution: importlib.metadata.Distribution) -> dict[str, Path]:
    """Return the top-level files and folders of a distribution."""
    tops = {file.parts[0] for file in distribution.files or ()} - {"..", "/", "__pycache__"}
    if tops:
        return {top: Path(str(distribution.locate_file(top))) for top in sorted(tops)}
    names = (distribution.read_text("top_level.txt") or distribution.metadata["Name"]).split()
    return {place: path for name in names for place, path in _local(name).items()}


def _local(name: str) -> dict[str, Path]:
    """Return the files of one module or package, and the `__init__.py` of the packages around it."""
    try:
        spec = importlib.util.find_spec(name)
    except ImportError:
        spec = None
    if spec is None:
        raise CannotRun(
            f"The problem set declares that notebooks may import {name!r}, which is not installed here. "
            f"Install it in the environment of the autograder, or take it out of the set's IMPORTS."
        )
    parts = name.split(".")
    places = {}
    for depth in range(1, len(parts)):
        parent = importlib.util.find_spec(".".join(parts[:depth]))
        if parent is not None and parent.origin is not None:
            places["/".join([*parts[:depth], "__init__.py"])] = Path(parent.origin)
    return places | dict(_module(parts, spec.origin, spec.submodule_search_locations))


def _module(parts: list[str], origin: str | None, folders: list[str] | None) -> Iterator[tuple[str, Path]]:
    if folders:
        yield "/".join(parts), Path(next(iter(folders)))
    elif origin is not None:
        yield "/".join([*parts[:-1], Path(origin).name]), Path(origin)
