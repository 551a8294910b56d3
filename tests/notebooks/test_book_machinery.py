"""What stands behind the book: the lock file, the copied notebooks, the hash of the library."""

import hashlib
import importlib.util
import json
import sys
from pathlib import Path

import nbformat
import pytest
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"


def load(name, folder=BOOK / "_ext"):
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_lock_file_names_hashes_and_no_addresses():
    packages = json.loads((BOOK / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package
        assert name == "" or package["integrity"].startswith("sha512-")


def test_vendoring_does_nothing_when_nothing_changed(monkeypatch, tmp_path, capsys):
    vendor = load("vendor", BOOK)
    monkeypatch.setattr(vendor, "TARGET", tmp_path)
    monkeypatch.setattr(vendor, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(vendor, "find_npm", lambda: None)
    assert vendor.main() == 1
    assert "npm is missing" in capsys.readouterr().err
    files = (BOOK / "package-lock.json", BOOK / "vendor.py", vendor.anywidget())
    recipe = b"".join(path.read_bytes() for path in files)
    vendor.STAMP.write_text(hashlib.sha256(recipe).hexdigest())
    assert vendor.main() == 0
    assert "up to date" in capsys.readouterr().out


def test_the_hash_follows_the_library(monkeypatch, tmp_path):
    fresh = load("fresh_execution")
    package = tmp_path / "course_lib"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == "course_lib"]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    before = fresh.library_hash()
    assert fresh.library_hash() == before
    (package / "new.py").write_text("x = 1")
    assert fresh.library_hash() != before


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    source = tmp_path / "book"
    source.mkdir()
    (source / "conf.py").write_text("extensions = ['released_notebooks']\n")
    (source / "index.rst").write_text("Sets\n====\n\n.. released-notebooks::\n")
    monkeypatch.syspath_prepend(str(BOOK / "_ext"))

    def build():
        app = SphinxTestApp("html", srcdir=source)
        app.build()
        assert app.warning.getvalue() == ""
        app.cleanup()
        return (Path(app.outdir) / "index.html").read_text(encoding="utf-8"), Path(app.outdir)

    return tmp_path, build


def test_released_notebooks_come_and_go(small_book):
    root, build = small_book
    assert "before a problem set was released" in build()[0]
    notebook = root / "build" / "release" / "ps1" / "ps1.ipynb"
    notebook.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Differences")]), notebook)
    page, out = build()
    assert '<a href="problem_sets/ps1/ps1.ipynb" download>ps1.ipynb</a>: Differences' in page
    assert (out / "problem_sets" / "ps1" / "ps1.ipynb").read_bytes() == notebook.read_bytes()
    notebook.unlink()
    page, out = build()
    assert "before a problem set was released" in page
    assert not (out / "problem_sets").exists()
