"""The house stands as it was drawn: who may import whom, in which order its rooms stand, no circle, no crowded room.

Beside that: one list of dependencies, and a student's half without POSIX.
"""

import ast
import functools
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

# What may be imported beside the standard library. `autograder` knows no other part of the house; nothing that
# computes knows more than NumPy. A file may always import its own package.
NUMERICS = {"numpy"}
MAY_IMPORT = {
    "course_lib/__init__.py": set(),
    "course_lib/autodiff": NUMERICS,
    "course_lib/mixture": NUMERICS,
    "course_lib/datasets": NUMERICS,
    "course_lib/applications": NUMERICS | {"course_lib.autodiff", "course_lib.datasets"},
    "course_lib/explore": NUMERICS
    | {"matplotlib", "matplotlib_inline", "cycler", "ipywidgets", "IPython", "anywidget", "traitlets"}
    | {f"course_lib.{part}" for part in ("autodiff", "mixture", "applications", "datasets")},
    "autograder": NUMERICS
    | {"alembic", "click", "jinja2", "markupsafe", "packaging", "rich", "sqlalchemy", "matplotlib", "yaml"}
    | {"IPython", "distributed", "jupytext", "nbconvert", "nbformat", "nbgrader", "nh3", "traitlets"},
    "exercises": NUMERICS | {"course_lib", "autograder"},
}

# The order in which a part is built, from the ground up, a row at a time; a folder stands for all that is in it.
ORDER = {
    "course_lib/autodiff": [
        "errors structures differences",
        "traced",
        "rules",
        "overloading",
        "transforms vmap own_rules sparsity taylor check jacobians compositions",
        "graph source",
        "loops",
    ],
    "course_lib/mixture": [
        "covariances",
        "arguments",
        "em criteria estimator",
        "one_pass",
        "dependent nearest",
        "kmeans conditioning missing",
        "density climbing",
        "gaussian_mixture",
        "select bootstrapping",
    ],
    "autograder": [
        "ground one_thread drawing",
        "read",
        "run",
        "mark",
        "record report terminal",
        "grade",
        "authoring cluster doctor nbgrader_autograde reference",
        "checks commands",
        "cli",
        "__main__",
    ],
}
# The sandbox copies these as they are, and nothing around them.
COPIED_AS_ONE = {"autograder/run/worker.py", "autograder/ground/answers.py"}


@functools.cache  # several tests read every file
def imports(path: Path, root: Path) -> set[str]:
    """Return the dotted names of all that a file imports, relative imports resolved."""
    package = path.relative_to(root).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def modules(root: Path) -> dict[str, Path]:
    """Return every file of code that others may import, under its dotted name; a package is its `__init__.py`."""
    files = [path for top in ("course_lib", "autograder", "exercises") for path in sorted((root / top).rglob("*.py"))]
    return {".".join(p.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): p for p in files}


def arrows(root: Path) -> dict[str, set[str]]:
    """Return for every module of ours those that it imports: at its top, within a function, or for its types alone."""
    known = modules(root)
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        found[name] = set()
        for dotted in imports(path, root):
            while dotted and dotted not in known:
                dotted = dotted.rpartition(".")[0]
            if dotted and dotted != name:
                found[name].add(dotted)
    return found


def on_circles(arrows: dict[str, set[str]]) -> list[str]:
    """Return the modules that lie on a circle of imports, or on the way from one circle to another.

    Again and again those are taken out that import none of what is left, or that nothing left imports.
    """
    left = arrows
    while True:
        imported = {target for targets in left.values() for target in targets}
        ends = {name for name, targets in left.items() if not targets or name not in imported}
        if not ends:
            return sorted(left)
        left = {name: targets - ends for name, targets in left.items() if name not in ends}


def forbidden(path: Path, root: Path, allowed: set[str], own: str) -> set[str]:
    names = {name for name in imports(path, root) if name.partition(".")[0] not in sys.stdlib_module_names}
    return {n for n in names if not any(n == a or n.startswith(a + ".") for a in allowed | {own})}


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_the_arrows_hold(root, part):
    files = [root / part] if part.endswith(".py") else (root / part).rglob("*.py")
    files = [path for path in files if "cases" not in path.parts]
    own = "course_lib.none" if part == "course_lib/__init__.py" else part.replace("/", ".")
    wrong = {str(p.relative_to(root)): bad for p in files if (bad := forbidden(p, root, MAY_IMPORT[part], own))}
    assert not wrong, f"{part} may import {sorted(MAY_IMPORT[part])} and its own files; look at {wrong}"


def test_no_circle_of_imports(root):
    assert on_circles(arrows(root)) == []


def test_a_circle_is_seen():
    assert on_circles({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"a"}}) == []
    assert on_circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a", "b"}}) == ["b", "c"]


@pytest.mark.parametrize("part", ORDER)
def test_every_arrow_within_a_part_goes_down(root, part):
    """A file imports from its own row of `ORDER` and from the rows before it."""
    whole = part.replace("/", ".")
    row = {f"{whole}.{name}": place for place, names in enumerate(ORDER[part]) for name in names.split()}

    def place(module: str) -> int | None:
        return next((row[name] for name in row if module == name or module.startswith(name + ".")), None)

    inside = {name: targets for name, targets in arrows(root).items() if name.startswith(whole + ".")}
    assert not [name for name in inside if place(name) is None], "give these files a row in ORDER"
    up = [
        f"{name} -> {target}"
        for name, targets in inside.items()
        for target in targets
        if target.startswith(whole + ".") and place(target) > place(name)
    ]
    assert not up


def test_no_room_is_crowded_and_no_file_is_long(root):
    """A folder (about a dozen files) is taken in at a glance, a file (about 450 lines) is read at one sitting."""
    files = [path for top in ("course_lib", "autograder", "exercises") for path in (root / top).rglob("*.py")]
    files = [path for path in files if "cases" not in path.parts]
    crowded = {f.parent: 0 for f in files}
    for path in files:
        crowded[path.parent] += path.name != "__init__.py"
    assert {str(f.relative_to(root)): n for f, n in crowded.items() if n > 13} == {}
    lengths = {str(f.relative_to(root)): len(f.read_text(encoding="utf-8").splitlines()) for f in files}
    assert {name: n for name, n in lengths.items() if n > 470 and name not in COPIED_AS_ONE} == {}


def test_who_opens_a_room_is_told_of_all_that_stands_in_it(root):
    """The docstring of each folder names its files and folders: a newcomer follows it from one to the next."""
    untold = []
    for init in (*root.glob("course_lib/**/__init__.py"), *root.glob("autograder/**/__init__.py")):
        said = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
        inside = [path.stem for path in init.parent.glob("*.py") if not path.stem.startswith("__")]
        inside += [path.parent.name for path in init.parent.glob("*/__init__.py")]
        untold += [
            f"{init.parent.relative_to(root)}: {name}" for name in inside if not re.search(rf"`{name}[./`]", said)
        ]
    assert untold == []


def test_checks_import_the_reference_and_the_check_interface_only(root):
    allowed = NUMERICS | {"course_lib", "autograder.checks", "autograder.drawing"}
    for path in root.glob("exercises/*/*.py"):
        wrong = forbidden(path, root, allowed, f"exercises.{path.parent.name}")
        assert not wrong, f"{path.parent.name}/{path.name} imports {sorted(wrong)}"


def test_the_arrow_test_sees_what_is_forbidden(root, tmp_path):
    path = tmp_path / "course_lib" / "autodiff" / "bad.py"
    path.parent.mkdir(parents=True)
    path.write_text("import scipy.linalg\nfrom course_lib import mixture\nfrom . import rules\nimport math, numpy.fft")
    wrong = forbidden(path, tmp_path, MAY_IMPORT["course_lib/autodiff"], "course_lib.autodiff")
    assert wrong == {"scipy.linalg", "course_lib.mixture"}


def test_course_lib_itself_imports_nothing(root):
    code = "import sys; before = set(sys.modules); import course_lib; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split() == ["course_lib"]


def test_the_top_level_is_what_the_readme_says(root):
    shown = {p.name for p in root.iterdir() if not p.name.startswith(".") and p.suffix != ".egg-info"}
    assert shown - {"build"} == {
        "book", "course_lib", "exercises", "autograder", "tests", "environment.yml", "README.md", "CONTRIBUTING.md",
        "CHANGELOG.md", "pyproject.toml", "Makefile", "LICENSE", "LICENSE-text", "CITATION.cff",
        "Containerfile",
    }  # fmt: skip


def requirements(project: dict, extra: str) -> set[str]:
    """Return what an extra asks for, extras of our own distribution followed."""
    found = set()
    for line in project["optional-dependencies"][extra]:
        if ours := re.fullmatch(rf"{project['name']}\[(.+)\]", line):
            for inner in ours[1].split(","):
                found |= requirements(project, inner)
        else:
            found.add(line)
    return found


def test_environment_yml_equals_pyproject(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    listed = yaml.safe_load((root / "environment.yml").read_text())["dependencies"]
    conda = {d for d in listed if isinstance(d, str)} - {"pip", "nodejs"}
    (pip,) = ({*d["pip"]} - {"--editable ."} for d in listed if isinstance(d, dict))  # what has other names on conda
    python = {f"python{project['requires-python']}"}
    assert conda | pip == set(project["dependencies"]) | requirements(project, "dev") | python


def test_every_package_is_listed_for_installation(root):
    listed = set(tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    packages = [p.parent for top in ("course_lib", "autograder") for p in root.glob(f"{top}/**/__init__.py")]
    there = {".".join(package.relative_to(root).parts) for package in packages}
    assert listed - {"course_exercises", "autograder.report.templates"} == there


BLOCK_POSIX = """
import os, sys
for name in ("fcntl", "resource", "pwd", "grp", "termios", "nbgrader", "sqlalchemy", "jinja2"):
    sys.modules[name] = None
if hasattr(os, "fork"):
    del os.fork
"""


def test_the_students_half_needs_no_posix_and_no_nbgrader(root, tmp_path, notebook_of, tiny):
    """What a student on Windows or macOS runs: instant checks, and `autograder check` on a notebook."""
    import json

    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook_of()))
    code = f"""{BLOCK_POSIX}
from autograder.checks import problem_set
problem_set("ps0", {str(tiny.folder.parent)!r})
from autograder.cli import main
main(["check", {str(path)!r}, "--exercises", {str(tiny.folder.parent)!r}])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 of 5 points" in done.stdout


def test_no_notebook_and_no_javascript_of_others_in_git(root):
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=root)
    tracked = listed.stdout.splitlines()
    assert not [name for name in tracked if name.endswith((".ipynb", ".min.js")) or "node_modules" in name]
    big = [name for name in tracked if (root / name).is_file() and os.path.getsize(root / name) > 500_000]
    assert not big


def test_the_container_gets_all_that_is_installed(root):
    """The Containerfile copies every package of pyproject.toml, and what the build reads."""
    copied = re.findall(r"(?m)^COPY (.+) \S+$", (root / "Containerfile").read_text())
    names = {name for line in copied for name in line.split()}
    assert all((root / name).exists() for name in names)
    project = tomllib.loads((root / "pyproject.toml").read_text())
    moved = project["tool"]["setuptools"]["package-dir"]
    packages = {moved.get(p, p.partition(".")[0]) for p in project["tool"]["setuptools"]["packages"]}
    assert packages | set(project["project"]["license-files"]) | {"README.md", "pyproject.toml"} <= names
