"""A PostgreSQL server of a test's own: Debian's programs, a folder for its data, a socket in it and no port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest


class PostgreSQL:
    """A server; to be used in a `with` statement. The test is skipped where the programs are not installed."""

    def __init__(self) -> None:
        places = [
            *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
            *map(Path, os.environ["PATH"].split(":")),
        ]
        self.programs = next((place for place in places if (place / "initdb").is_file()), None)
        if self.programs is None:
            pytest.skip("PostgreSQL's server is not installed (Debian: postgresql)")
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket has a limit
        # Its programs refuse to run as root.
        self.user: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "nobody")

    @property
    def url(self) -> str:
        return f"postgresql://grader:a-password@/postgres?host={self.folder}"

    def run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self.programs / program, *words], cwd=self.folder, capture_output=True, text=True, timeout=60, **self.user
        )
        assert done.returncode == 0, f"{program}: {done.stderr or done.stdout}"

    def control(self, *words: str) -> None:
        """Let pg_ctl start, stop or restart it; its output would be held open by the server."""
        log, data = str(self.folder / "log"), str(self.folder / "data")
        subprocess.run(
            [self.programs / "pg_ctl", "-D", data, "-l", log, "-w", *words],
            cwd=self.folder, check=True, timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.user,
        )  # fmt: skip

    def __enter__(self) -> PostgreSQL:
        self.run("initdb", "-D", "data", "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nfsync = off\n"
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(options)
        self.control("start")
        return self

    def restart(self) -> None:
        """End it as a crash does, connections and all, and start it again."""
        self.control("restart", "-m", "immediate")

    def __exit__(self, *error: object) -> None:
        self.control("stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)
