"""Chapters are executed again when the library that they call has changed.

Jupyter Book keeps the outputs of executed chapters and knows a chapter by its own code cells. It does not
see that course_lib has changed beneath them, and would show yesterday's numbers. Here the sources of
course_lib are hashed; if the hash differs from that of the last build, the kept outputs are thrown away and
every chapter is read anew. Kernels started by the build also learn that they draw for a page without a
kernel (see course_lib/explore/frames.py). And matplotlib's list of fonts is made here, once: on a new machine
a kernel would say that it takes a moment, and that note would stand in the book. Kernels work on one thread: where
chapters measure, a second thread on a busy machine is waited for, and the wait was measured as well. What a busy
kernel sends in pieces is put together again as it was printed.
"""

import hashlib
import os
import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from myst_nb.core import render
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

EMBED_VARIABLE = "COURSE_EMBED_FRAMES"
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def library_hash() -> str:
    """Hash the sources and the data of course_lib, as the kernels will import it."""
    spec = find_spec("course_lib")
    if spec is None or spec.origin is None:
        raise ImportError("course_lib is not installed here; run `make book`, or `pip install -e '.[book]'` first.")
    folder = Path(spec.origin).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def forget_old_outputs(app: Sphinx) -> None:
    """Throw away outputs that another state of course_lib computed."""
    stamp = Path(app.doctreedir) / "course_lib.sha256"
    now = library_hash()
    app.library_changed = not stamp.is_file() or stamp.read_text() != now  # type: ignore[attr-defined]
    if app.library_changed:  # type: ignore[attr-defined]
        shutil.rmtree(Path(app.outdir).parent / ".jupyter_cache", ignore_errors=True)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(now)


def read_all_again(app: Sphinx, env: BuildEnvironment, *pages: set[str]) -> list[str]:
    """Name the pages to read: all of them if course_lib has changed."""
    return list(env.found_docs) if app.library_changed else []  # type: ignore[attr-defined]


def put_together(outputs: list[Any]) -> list[Any]:
    """Join neighbouring pieces of one stream; myst-nb, which merges what is left, would begin a new line at each."""
    whole: list[Any] = []
    for output in outputs:
        before = whole[-1] if whole else {}
        if output["output_type"] == "stream" and before.get("name") == output["name"]:
            before["text"] += output["text"]
        else:
            whole.append(output)
    return whole


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    os.environ[EMBED_VARIABLE] = "1"
    for name in THREAD_VARIABLES:
        os.environ.setdefault(name, "1")
    import_module("matplotlib.font_manager")
    forget_old_outputs(app)
    app.connect("env-get-outdated", read_all_again)
    merged = render.coalesce_streams
    render.coalesce_streams = lambda outputs: merged(put_together(outputs))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
