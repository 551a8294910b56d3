"""A Jupyter server with nbgrader's formgrader, for the tests that mark as a person does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "for-this-test"
AUTHORISED = {"Authorization": f"token {TOKEN}"}


class Server:
    """A running server, which is called with the path of a page."""

    def __init__(self, address: str):
        self.address = address

    def __call__(self, path: str) -> str:
        request = urllib.request.Request(f"{self.address}/{path}", headers=AUTHORISED)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode("utf-8")


@contextmanager
def formgrader(course: Path) -> Iterator[Server]:
    """Start a Jupyter server with formgrader on a course, on this machine alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": TOKEN,
        "ServerApp.root_dir": course,
    }
    extension = "nbgrader.server_extensions.formgrader"
    command = [sys.executable, "-m", "jupyter", "server", *(f"--{key}={value}" for key, value in options.items())]
    command += [f"--ServerApp.jpserver_extensions={{'{extension}': True}}"]
    home = {"JUPYTER_CONFIG_DIR": str(course / "no-config"), "JUPYTER_RUNTIME_DIR": str(course / "runtime")}
    with (course / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=course, stdout=log, stderr=log, env=os.environ | home)

    page = Server(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                page("api/status")
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert server.poll() is None, (course / "server.log").read_text()
                assert time.monotonic() < deadline, (course / "server.log").read_text()
                time.sleep(0.2)
        yield page
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
