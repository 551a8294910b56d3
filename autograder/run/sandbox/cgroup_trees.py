"""Where a process may look for control groups: the kernel's trees of them, and its own place in each.

There are two versions of control groups [1]_ [2]_, which a machine may use side by side: in version 1 each controller,
of memory or of the number of processes, has a tree of its own; in version 2 there is one tree for all.

References
----------
.. [1] Linux kernel documentation, "Control Group v2".
.. [2] Linux kernel documentation, "Control Groups version 1".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONTROLLERS = ("memory", "pids", "cpuacct", "cpu")
OPTIONAL = ("cpuacct", "cpu")  # without which the time is counted by looking, and a sandbox's share is not bounded


class NoGroups(Exception):
    """This machine does not let the grader bound sandboxes by groups. The message says why."""


@dataclass(frozen=True)
class Tree:
    """A tree of groups: its version, where it is mounted, the group we are in, and which controllers it has for us."""

    version: int
    mount: Path
    own: Path
    controllers: tuple[str, ...]


def trees(mounts: str, memberships: str) -> list[Tree]:
    """Find the trees that bound memory and, where there is one, the number of processes.

    Parameters
    ----------
    mounts, memberships : str
        What the kernel says in /proc/self/mountinfo and in /proc/self/cgroup.

    Raises
    ------
    NoGroups
        If memory can be bounded in none.

    Examples
    --------
    >>> mounts = "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"
    >>> (tree,) = trees(mounts, "4:memory:/users/ada")
    >>> tree.version, str(tree.own), tree.controllers
    (1, '/sys/fs/cgroup/memory/users/ada', ('memory',))
    """
    ours = dict(_memberships(memberships))
    found: dict[str, Tree] = {}  # by controller
    for version, root, mount, offered in _mounts(mounts):
        able = tuple(name for name in CONTROLLERS if name in offered and name not in found)
        path = ours.get(able[0] if able and version == 1 else "")
        if able and path is not None and path.is_relative_to(root) and ".." not in path.parts:
            tree = Tree(version, mount, mount / path.relative_to(root), able)
            found |= dict.fromkeys(able, tree)
    if "memory" not in found:
        raise NoGroups("none that bounds memory is mounted")
    return list(dict.fromkeys(found.values()))


def words(file: Path) -> list[str]:
    """Return the words in one of the kernel's files."""
    return file.read_text().split()


def _memberships(text: str) -> Iterator[tuple[str, Path]]:
    """Yield each controller with the group we are in; the tree of version 2 goes by ""."""
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, Path(path)


def _mounts(text: str) -> Iterator[tuple[int, Path, Path, list[str]]]:
    """Yield each mounted tree: its version, which part of it is mounted, where, and its controllers."""
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        root, place = (Path(re.sub(r"\\(\d{3})", _octal, word)) for word in before.split(" ")[3:5])
        if kind == "cgroup":
            yield 1, root, place, options.split(",")
        elif kind == "cgroup2" and (place / "cgroup.controllers").exists():
            yield 2, root, place, words(place / "cgroup.controllers")


def _octal(match: re.Match[str]) -> str:
    return chr(int(match[1], 8))
