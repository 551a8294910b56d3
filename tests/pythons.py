"""Run the tests that need neither browser, sandbox nor chapters on every Python that is found here: `make pythons`.

Each interpreter from the oldest that pyproject.toml allows gets an environment of its own under `build/pythons`, with
the newest packages that it can have. The one of `.venv` is left out: `make test` runs there. Words on the command line
are pytest's: `python -m tests.pythons --quick` runs what `make check` does, and CI asks for that.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Few random examples a law: what another Python may change shows in each of them; `make test` tries the rest.
TESTS = ["-q", "--no-header", "-r", "fE", "-p", "no:cacheprovider", "-n", "auto", "--dist", "loadfile"]
TESTS += ["--hypothesis-profile=check", "--durations=5"]
WITHOUT = "not browser and not grading and not notebooks"
VERSION = "import sys; print(sys.implementation.name, '%d.%d.%d' % sys.version_info[:3])"
DRAWN_FROM = "import numpy, scipy; print(f'NumPy {numpy.__version__}, SciPy {scipy.__version__}')"


def oldest_minor() -> int:
    """Return 11 for a project that needs Python 3.11 or newer."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    return int(re.match(r">=3\.(\d+)", asked)[1])


def candidates() -> Iterator[Path]:
    """Yield what may be an interpreter: pyenv's versions, then python3.N along the PATH."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = [*sorted(pyenv.glob("versions/*/bin")), *map(Path, os.get_exec_path())]
    for folder in folders:
        yield from (path for path in sorted(folder.glob("python3.*")) if re.fullmatch(r"python3\.\d+", path.name))


def interpreters(oldest: int) -> dict[int, tuple[str, Path]]:
    """Return the newest CPython of each minor version from `oldest` on: its full version and its path."""
    found: dict[int, tuple[str, Path]] = {}
    for path in candidates():
        done = subprocess.run([path, "-c", VERSION], capture_output=True, text=True, check=False)
        name, _, version = done.stdout.strip().partition(" ")
        if done.returncode or name != "cpython":  # a shim of pyenv's without a version behind it, another Python
            continue
        _, minor, patch = map(int, version.split("."))
        if minor >= oldest and (minor not in found or patch > int(found[minor][0].split(".")[2])):
            found[minor] = (version, path)
    return dict(sorted(found.items()))


def environment(minor: int, python: Path) -> Path:
    """Return the interpreter of an environment with all packages, made or brought up to date.

    Raises
    ------
    subprocess.CalledProcessError
        If it cannot be had, for want of NumPy for this Python, say. What pip has to say was printed.
    """
    folder = ROOT / "build" / "pythons" / f"3.{minor}"
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", folder], check=True)
    pip = [inside, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--upgrade"]
    subprocess.run([*pip, "pip"], check=True)
    subprocess.run([*pip, "--upgrade-strategy", "eager", "--editable", f"{ROOT}[dev]"], check=True)
    return inside


def test(inside: Path, words: Sequence[str]) -> tuple[bool, str]:
    """Run the tests; return whether they passed, and pytest's last line."""
    command = [inside, "-m", "pytest", *TESTS, "-m", WITHOUT, *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        last = ""
        for line in running.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
    return running.returncode == 0, last  # pytest ends with 5 where no test ran


def main(words: Sequence[str]) -> int:
    """Test each interpreter; return 1 if one failed. One that cannot have the packages is named."""
    own = sys.version_info.minor
    found = interpreters(oldest_minor())
    if not found.keys() - {own}:
        print(f"No other Python is found here, in pyenv or along the PATH, from 3.{oldest_minor()} on.")
        return 0
    print("Found: " + ", ".join(f"Python {version} ({path})" for version, path in found.values()), flush=True)
    lines, passed = [], True
    for minor, (version, python) in found.items():
        if minor == own:
            lines.append(f"Python {version}: the one of .venv, where `make test` runs")
            continue
        try:
            inside = environment(minor, python)
        except subprocess.CalledProcessError as error:
            lines.append(f"Python {version}: not tested, since its packages cannot be had ({error})")
            continue
        packages = subprocess.run([inside, "-c", DRAWN_FROM], capture_output=True, text=True, check=True).stdout.strip()
        print(f"\nPython {version}, {packages}", flush=True)
        good, last = test(inside, words)
        passed &= good
        lines.append(f"Python {version}, {packages}: {last}")
    print("\n".join(["", *lines]))
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
