"""Runs Python as a user without privileges, whom a test of root makes, in mounts of its own: root's are private."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).resolve().parents[2]
USER = 54321
MOUNT = """
base=$1; shift
for name in python site root folder; do mount --bind "$1" "$base/$name" || exit 97; shift; done
cd "$base/folder" && exec setpriv --reuid=54321 --regid=54321 --clear-groups "$@"
"""


def python_as_ordinary_user(words: Sequence[str], folder: Path, timeout: float = 120.0, **environment: str) -> str:
    """Run Python with these words in a folder, which becomes that user's; return what it printed.

    It has this interpreter, its packages and this checkout, all of them read as anybody may. A test of an ordinary user
    runs as that user itself. The test is skipped where there can be no such user.
    """
    if os.geteuid() != 0:
        done = subprocess.run(
            [sys.executable, "-B", *words], cwd=folder, env=os.environ | environment, timeout=timeout,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout + done.stderr
    base = Path(tempfile.mkdtemp(prefix="ordinary-"))
    try:
        base.chmod(0o755)
        for place in [folder, *folder.rglob("*")]:
            os.chown(place, USER, USER, follow_symlinks=False)
        sources = [Path(sys.base_prefix), Path(numpy.__file__).parents[1], ROOT, folder]
        for name in ("python", "site", "root", "folder"):
            (base / name).mkdir()
        python = base / "python" / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
        environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(base / "folder"), "PYTHONPATH": f"{base}/root:{base}/site",
            "LD_LIBRARY_PATH": str(base / "python" / "lib"),  # its own library, and not another Python's
            **environment,
        }  # fmt: skip
        line = ["unshare", "--mount", "sh", "-c", MOUNT, "sh", str(base), *map(str, sources), str(python), "-B", *words]
        done = subprocess.run(line, env=environment, timeout=timeout, capture_output=True, text=True)
        if done.returncode in (97, 126, 127) or "unshare" in done.stderr:
            pytest.skip(f"this machine makes no such user: {done.stderr.strip()[:200]}")
        return done.stdout + done.stderr
    finally:
        shutil.rmtree(base, ignore_errors=True)
