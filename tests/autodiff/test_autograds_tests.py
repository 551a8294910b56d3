"""autograd's own tests, run with our functions under its names.

They are taken from its source distribution when this runs, by pip, since its wheel has none; nothing of them is kept
here. `autograds_names/` is the thin layer of names. Left out are the files on complex numbers and on its private parts.
"""

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

VERSION = "autograd==1.9.1"
FILES = ["binary_ops", "dict", "direct", "graphs", "jacobian", "linalg", "list", "numpy", "scalar_ops", "systematic",
         "truediv", "tuple", "wrappers"]  # fmt: skip
AT_LEAST = 360


@pytest.fixture(scope="module")
def their_tests(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("autograd")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        VERSION,
        "--no-deps",
        "--no-binary",
        ":all:",
        "-q",
        "-d",
        folder,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.skip(f"pip cannot get {VERSION}: {done.stderr[-200:]}")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.glob("autograd-*/tests"))


def test_most_of_autograds_tests_pass(their_tests):
    here = Path(__file__).resolve()
    around = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, [here.parent / "autograds_names", here.parents[2]]))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", "-W", "ignore", "-rf"]
    command += ["-c", os.devnull, "--rootdir", str(their_tests), *(f"test_{name}.py" for name in FILES)]
    done = subprocess.run(command, cwd=their_tests, env=around, capture_output=True, text=True, timeout=300)
    counts = {what: int(n) for n, what in re.findall(r"(\d+) (passed|failed|skipped|errors?)\b", done.stdout)}
    print(counts, *re.findall(r"(?m)^FAILED .*", done.stdout), sep="\n")
    assert "error" not in counts
    assert "errors" not in counts, done.stdout[-3000:]
    assert counts["passed"] >= AT_LEAST, done.stdout[-6000:]
