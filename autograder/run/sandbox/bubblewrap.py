"""The command line of bubblewrap: what is in the sandbox, and what is not.

It is put together from lists of arguments, in the order in which bubblewrap carries them out: a bare file system, then
what may be seen of this machine, then covers over what must not be seen of that. There is no `/proc`: it would tell how
the sandbox was made, from which folders of this machine, and by whom. An interpreter that lies in somebody's folder is
seen under a name that says nothing.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from autograder.ground.runs import CannotRun
from autograder.run.declared import Declared
from autograder.run.launch import ANSWERS, STAND_INS, WORKER
from autograder.run.sandbox import seccomp

SITE = "/worker/site"
PYTHON = Path("/python")  # where the interpreter's folder is seen, unless it is the system's
HOME = "/home/student"
FONTS = f"{HOME}/.matplotlib"
OURS = (WORKER, STAND_INS, ANSWERS)
ROOMS = ("/tmp", HOME, "/dev/shm")  # where there is room to write, in memory


class Descriptors:
    """The open files that bubblewrap inherits, closed on this side once it has started."""

    def __init__(self, stack: contextlib.ExitStack):
        self._stack = stack
        self.passed: list[int] = []

    def holding(self, data: bytes) -> str:
        """Return the number of a file descriptor from which `data` can be read."""
        file = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        file.write(data)
        file.seek(0)
        self.passed.append(file.fileno())
        return str(file.fileno())

    def returning(self) -> tuple[BinaryIO, str]:
        """Return a file to read, and the number of the file descriptor that writes into it."""
        reading, writing = os.pipe()
        self._stack.callback(os.close, writing)
        self.passed.append(writing)
        return os.fdopen(reading, "rb"), str(writing)


def program() -> str:
    """Return where bubblewrap is; raise `CannotRun` where it is missing."""
    if sys.platform != "linux":
        raise CannotRun(
            f"Student code can only be confined on Linux, and this is {platform.system()}: "
            "use a Linux machine, a virtual machine, or a container with Linux (see Containerfile)."
        )
    found = shutil.which("bwrap")
    if found is None:
        raise CannotRun(
            "The program bwrap, which confines student code, is missing: install the package bubblewrap "
            "(Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap)."
        )
    return found


ALWAYS = ("--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox")
BECOME_ANOTHER_USER = ("CAP_SETUID", "CAP_SETGID")
ENTER_NAMESPACES = ("CAP_SYS_ADMIN", "CAP_SYS_CHROOT", "CAP_SETPCAP")  # the template's alone


def confinement(as_root: bool, capabilities: Sequence[str] = BECOME_ANOTHER_USER) -> list[str]:
    """Set namespaces and privileges.

    For an ordinary user, a user namespace makes the others possible. Root needs none, and keeps `capabilities`: two
    with which a worker becomes an unprivileged user, which clears them.
    """
    if as_root:
        spaces = ["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        return [*spaces, *ALWAYS, *_added(capabilities)]
    return ["--unshare-user", "--unshare-all", "--disable-userns", *ALWAYS]


def confinement_of_template() -> list[str]:
    """Set namespaces and privileges of root's template, which runs our code alone.

    It stays in the process namespace of the grader, since only those below one's own can be entered.
    """
    spaces = ["--unshare-ipc", "--unshare-net", "--unshare-uts"]
    return [*spaces, *ALWAYS, *_added([*BECOME_ANOTHER_USER, *ENTER_NAMESPACES])]


def _added(capabilities: Sequence[str]) -> list[str]:
    return [part for name in capabilities for part in ("--cap-add", name)]


def system_calls(descriptors: Descriptors) -> list[str]:
    """Filter system calls, where there is a filter for this processor."""
    return ["--seccomp", descriptors.holding(seccomp.program())] if seccomp.available() else []


def file_system(descriptors: Descriptors, wanted: Declared, hidden: Sequence[Path], space: int) -> list[str]:
    """Show the interpreter and the system's libraries, without the packages beside them; and room to write."""
    room = ["--perms", "1777", "--size", str(space), "--tmpfs"]
    # First what can be written to, so that an interpreter that lies below /tmp is not covered by it.
    line = [*_parents(Path(HOME)), *room, "/tmp", *room, HOME]
    shown = _shown()
    for name in ("lib", "lib32", "lib64", "libx32"):
        top = Path("/", name)
        if top.is_symlink():
            line += ["--symlink", os.readlink(top), str(top)]
    for path in shown:
        line += [*_parents(seen(path)), "--ro-bind", str(path), str(seen(path))]
    for path in _outermost([*_packages_beside(shown), *_below(shown, hidden)]):
        place = str(seen(path))
        if path.is_dir():
            line += ["--perms", "0755", "--size", "65536", "--tmpfs", place, "--remount-ro", place]
        else:
            line += ["--ro-bind", "/dev/null", place]
    for path in Path(sys.base_prefix, "lib").glob("python3*/_sysconfigdata_*.py") if seen(_prefix()) == PYTHON else ():
        text = path.read_bytes().replace(os.fsencode(_prefix()), os.fsencode(PYTHON))
        line += ["--perms", "0444", "--ro-bind-data", descriptors.holding(text), str(seen(path))]
    line += ["--dev", "/dev", *room, "/dev/shm", "--remount-ro", "/dev"]
    made: set[str] = set()
    for place, path in wanted.places.items():
        target = Path(SITE, place)
        line += [*_parents(target, made), "--ro-bind", str(path), str(target)]
    return line


def data_files(descriptors: Descriptors, folder: Path | None) -> list[str]:
    """Add what a problem set's notebook reads, in ``files`` beside it: copies that nobody in there may write."""
    line: list[str] = []
    made: set[str] = set()
    for path in sorted(folder.rglob("*")) if folder is not None and folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            target = Path(HOME, "files", path.relative_to(folder))  # type: ignore[arg-type]
            line += [*_parents(target, made), "--perms", "0444", "--file", descriptors.holding(path.read_bytes())]
            line.append(str(target))
    return line


def worker_files(descriptors: Descriptors, fonts: Mapping[str, str], files: Sequence[Path] = OURS) -> list[str]:
    """Add our files as copies, so that it does not matter who may read the originals; and lists of fonts."""
    line = [*_parents(Path(SITE))]
    for path in files:
        line += ["--perms", "0444", "--file", descriptors.holding(path.read_bytes()), f"/worker/{path.name}"]
    if fonts:
        line += ["--perms", "1777", "--dir", FONTS]
    for name, text in fonts.items():
        line += ["--perms", "0444", "--file", descriptors.holding(text.encode()), f"{FONTS}/{name}"]
    return line


def closed() -> list[str]:
    """Close the file system, when all is in it."""
    return ["--remount-ro", "/", "--chdir", HOME]


def environment() -> list[str]:
    """Set the only environment variables that there are in the sandbox."""
    variables = {
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PATH": "/usr/bin:/bin",
        # Conda's libraries lie beside its interpreter, where packages look for them by a path relative to themselves.
        "LD_LIBRARY_PATH": str(seen(Path(sys.base_prefix, "lib"))),
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": FONTS,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        # One thread for linear algebra: sandboxes run side by side, and idle threads would count as processes.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    return [part for name, value in variables.items() for part in ("--setenv", name, value)]


def python(path: Path) -> list[str]:
    """Run one of our files; `-P -s -S`: no folder of packages that it does not add itself."""
    return [str(seen(_interpreter())), "-P", "-s", "-S", "-B", f"/worker/{path.name}"]


def holder(cat: str) -> tuple[list[str], list[str]]:
    """Return how `cat` gets into a sandbox, and how it runs there: it waits, and so holds the sandbox open."""
    place = "/worker/cat"
    return [*_parents(Path(SITE)), "--ro-bind", os.path.realpath(cat), place], [place]


def seen(path: Path) -> Path:
    """Return where a file or folder of this machine that an interpreter needs is seen in the sandbox."""
    for prefix in (_prefix(), _prefix().resolve()):
        if path.is_relative_to(prefix) and not prefix.is_relative_to("/usr"):
            return PYTHON / path.relative_to(prefix)
    return PYTHON / "bin" / path.name if path == _interpreter() and not path.is_relative_to("/usr") else path


def _prefix() -> Path:
    return Path(sys.base_prefix)


def _interpreter() -> Path:
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def _shown() -> list[Path]:
    """Return the folders and files of this machine that an interpreter needs."""
    paths = [Path(path) for path in ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/etc/ld.so.cache")]
    paths += [path for name in ("lib", "lib32", "lib64", "libx32") if not (path := Path("/", name)).is_symlink()]
    paths += [Path(sys.base_prefix, "lib"), Path(sys.base_prefix, "lib64"), _interpreter()]
    return list(dict.fromkeys(path for path in paths if path.exists() and not (path.is_dir() and path.is_symlink())))


def _packages_beside(shown: Sequence[Path]) -> list[Path]:
    """Return the folders in which packages lie beside a standard library that is shown."""
    folders = [path for path in shown if path.is_dir()]
    patterns = ("python3*/site-packages", "python3*/dist-packages")
    return [found for folder in folders for pattern in patterns for found in folder.glob(pattern)]


def _below(shown: Sequence[Path], hidden: Sequence[Path]) -> list[Path]:
    """Return those of the hidden paths that would be seen."""
    return [
        path.resolve()
        for path in hidden
        if path.exists() and any(path.resolve().is_relative_to(folder.resolve()) for folder in shown)
    ]


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """Return the paths without those below another one, which is covered with it: there is nothing left to cover."""
    covered = {path.resolve() for path in paths}
    return [path for path in dict.fromkeys(paths) if covered.isdisjoint(path.resolve().parents)]


def _parents(path: Path, made: set[str] | None = None) -> list[str]:
    """Make the folders above `path`, such that any user may pass through them; `made` remembers which there are."""
    line = []
    parent = ""
    for name in str(path).split("/")[1:-1]:
        parent += f"/{name}"
        if made is None or parent not in made:
            line += ["--perms", "0755", "--dir", parent]
            if made is not None:
                made.add(parent)
    return line
