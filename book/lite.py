"""Build a JupyterLite site in build/lite, where the problem sets are done in the browser: `make lite`.

Whoever opens it installs nothing: Python itself (Pyodide) runs in the page, and asks nobody but the site. So the site
holds all that a notebook needs. JupyterLite and pure Python packages come from PyPI, Pyodide's core from npm, the
course from here, as a wheel. NumPy and what else is compiled is in no registry: a copy of Pyodide's distribution has
it, whose folder or address is given, `make lite PYODIDE_PACKAGES=...`. Without it the site is built all the same, and
the first cell of each notebook says what is missing.

Pyodide knows packages by its lock file. The site's names those which it holds, and those which it should hold.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import vendor

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
ENVIRONMENT, SOURCE, SITE = BUILD / "lite-environment", BUILD / "lite-source", BUILD / "lite"
PYODIDE = SOURCE / "static" / "pyodide"

JUPYTERLITE = ["jupyterlite-core~=0.8.6", "jupyterlite-pyodide-kernel~=0.8.6", "jupyter-server"]
APPS = ["lab", "notebooks", "tree"]
LOCK = "pyodide-lock.json"
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK]
KERNEL = ["micropip", "ipython", "jedi"]  # what JupyterLite's kernel asks for, and Pyodide's lock file knows
SETS_NEED = ["numpy", "matplotlib", "scikit-learn", "packaging"]
OURS = {  # what the site's lock file knows, and Pyodide's does not: one more thing for the kernel, and the course
    "comm": {"depends": [], "imports": ["comm"]},
    "autodiff-and-mixtures": {"depends": ["numpy", "packaging"], "imports": ["autograder", "course_lib"]},
}
SETTINGS = {"@jupyterlite/pyodide-kernel-extension:kernel": {"disablePyPIFallback": True}}
SAYS = """\
try:
    import numpy
except ModuleNotFoundError:
    print("This site was built without NumPy, so the cells below cannot run; `make lite` says how to add it.")"""

Packages = dict[str, dict[str, Any]]


class Fault(Exception):
    """What stands in the way, in words for whoever runs this."""


def canonical(name: str) -> str:
    """Write the name of a package as the lock file's keys do."""
    return name.lower().replace("_", "-").replace(".", "-")


def needed(packages: Packages, names: Iterable[str]) -> list[str]:
    """Return these packages and all that they depend on, in the order of their names."""
    found: set[str] = set()
    left = [canonical(name) for name in names]
    while left:
        if (name := left.pop()) not in found:
            found.add(name)
            left += map(canonical, packages[name]["depends"])
    return sorted(found)


def sha256(content: bytes) -> str:
    """Return the hash by which lock files name a file's content."""
    return hashlib.sha256(content).hexdigest()


def is_pure(package: dict[str, Any]) -> bool:
    """Whether a package has a wheel that runs everywhere, as PyPI has it."""
    return str(package["file_name"]).endswith("-none-any.whl")


def held(packages: Packages, names: list[str], folder: Path) -> tuple[Packages, list[str]]:
    """Return what a site's lock file says, whose wheels lie in `folder`, and the names of those that are not there.

    Those which are there get their own name and hash; those which are not stay, so that the kernel asks for them.
    """
    kept = {name: packages[name] for name in names}
    for name, more in OURS.items():
        kept[name] = {"name": name, "install_dir": "site", "package_type": "package", "unvendored_tests": False} | more
    missing = []
    for name, package in kept.items():
        if wheel := next((w for w in folder.glob("*.whl") if canonical(w.name.partition("-")[0]) == name), None):
            own = {"file_name": wheel.name, "version": wheel.name.split("-")[1], "sha256": sha256(wheel.read_bytes())}
            kept[name] = package | own
        else:
            missing.append(name)
    return kept, missing


def bring(package: dict[str, Any], source: str, folder: Path) -> None:
    """Bring a wheel of Pyodide's distribution from a folder or an address, if its hash is the right one."""
    name, address = package["file_name"], source if "://" in source else Path(source).expanduser().resolve().as_uri()
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/{name}", timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise Fault(f"{source} does not give {name}: {error}") from None
    if sha256(content) != package["sha256"]:
        raise Fault(f"{name} from {source} is not the file that Pyodide's lock file names: its hash is another.")
    (folder / name).write_bytes(content)


def with_word(notebook: dict[str, Any], missing: Iterable[str]) -> dict[str, Any]:
    """Return a notebook for the site: where there is no NumPy, its first cell says so."""
    if "numpy" not in missing:
        return notebook
    cell = {"cell_type": "code", "id": "what-is-missing", "metadata": {}, "execution_count": None, "outputs": []}
    return notebook | {"cells": [cell | {"source": SAYS}, *notebook["cells"]]}


def run(*command: str | Path) -> str:
    """Run a command where what it leaves is taken away; its words are shown only if it fails."""
    done = subprocess.run([str(word) for word in command], cwd=SOURCE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Fault(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def make_environment() -> str:
    """Install JupyterLite into an environment of its own; return the version of Pyodide that its kernel is made for."""
    stamp = ENVIRONMENT / ".complete"
    if not stamp.is_file() or stamp.read_text() != "\n".join(JUPYTERLITE):
        print("Installing JupyterLite into build/lite-environment (half a minute)", flush=True)
        run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
        run(ENVIRONMENT / "bin" / "pip", "install", "--quiet", *JUPYTERLITE)
        stamp.write_text("\n".join(JUPYTERLITE))
    version = "from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION; print(PYODIDE_VERSION)"
    return run(ENVIRONMENT / "bin" / "python", "-c", version).strip()


def bring_core(version: str) -> dict[str, Any]:
    """Bring Pyodide's core from npm, which verifies it; return its lock file."""
    if (npm := vendor.find_npm()) is None:
        raise Fault("npm is missing. Install Node.js (Debian: apt install npm), then run this again.")
    run(*npm, "pack", f"pyodide@{version}", "--silent")
    with tarfile.open(SOURCE / f"pyodide-{version}.tgz") as archive:
        for name in CORE:
            (PYODIDE / name).write_bytes(archive.extractfile(f"package/{name}").read())
    return json.loads((PYODIDE / LOCK).read_text(encoding="utf-8"))


def bring_packages(lock: dict[str, Any], distribution: str) -> list[str]:
    """Put all wheels beside the core, and write the lock file; return the names of what is missing."""
    pip, packages = ENVIRONMENT / "bin" / "pip", lock["packages"]
    names = needed(packages, [*KERNEL, *SETS_NEED])
    pure = [f"{name}=={packages[name]['version']}" for name in names if is_pure(packages[name])]
    anywhere = ["--only-binary", ":all:", "--platform", "any", "--python-version", lock["info"]["python"]]
    run(pip, "download", "--quiet", "--no-deps", *anywhere, "--dest", PYODIDE, *pure, "comm")
    shutil.rmtree(BUILD / "lib", ignore_errors=True)  # or the wheel holds modules that are no more
    run(pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", PYODIDE, ROOT)
    for name in names if distribution else []:
        if not is_pure(packages[name]):
            bring(packages[name], distribution, PYODIDE)
    lock["packages"], missing = held(packages, names, PYODIDE)
    (PYODIDE / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    return missing


def main(distribution: str = "") -> int:
    """Make the site anew."""
    try:
        shutil.rmtree(SOURCE, ignore_errors=True)
        PYODIDE.mkdir(parents=True)
        version = make_environment()
        print(f"Bringing Pyodide {version} and the packages that the sets need", flush=True)
        missing = bring_packages(bring_core(version), distribution)
        (SOURCE / "files").mkdir()
        for released in sorted((BUILD / "release").glob("*/*.ipynb")):
            notebook = with_word(json.loads(released.read_text(encoding="utf-8")), missing)
            (SOURCE / "files" / released.name).write_text(json.dumps(notebook), encoding="utf-8")
        config = {"appName": "Autodiff and Mixtures", "litePluginSettings": SETTINGS}
        whole = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
        (SOURCE / "jupyter-lite.json").write_text(json.dumps(whole), encoding="utf-8")
        shutil.rmtree(SITE, ignore_errors=True)
        apps = [word for app in APPS for word in ("--apps", app)]
        build = [ENVIRONMENT / "bin" / "jupyter-lite", "build", "--no-sourcemaps"]
        run(*build, "--lite-dir", SOURCE, "--output-dir", SITE, *apps)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"{SITE.relative_to(ROOT)}: {size / 1e6:.0f} MB; copy it to any web host, or look at it:")
    print(f"  python -m http.server 8000 --bind 127.0.0.1 --directory {SITE.relative_to(ROOT)}")
    if missing:
        print(f"It lacks {', '.join(missing)}, without which the sets cannot be done in it. They are wheels of")
        print(f"Pyodide's distribution {version}: make lite PYODIDE_PACKAGES=... (its folder, or its address)")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
