"""What `make lite` puts where; tests/browser looks at the site that it has built."""

import hashlib
import importlib.util
import sys
from pathlib import Path

import pytest

from autograder.ground.problem_sets import available

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lite(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book"))  # it uses book/vendor.py
    spec = importlib.util.spec_from_file_location("lite", ROOT / "book" / "lite.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(name, *depends, file=None):
    return {"name": name, "depends": [*depends], "file_name": file or f"{name}-1.0-py3-none-any.whl", "sha256": "?"}


def test_what_a_package_needs_is_found_by_either_spelling_and_in_a_circle(lite):
    packages = {
        "ipython": package("ipython", "prompt_toolkit", "six"),
        "prompt-toolkit": package("prompt_toolkit", "wcwidth"),
        "wcwidth": package("wcwidth", "prompt_toolkit"),
        "six": package("six"),
        "pandas": package("pandas", "six"),
    }
    assert lite.needed(packages, ["ipython"]) == ["ipython", "prompt-toolkit", "six", "wcwidth"]


def test_the_lock_file_names_what_is_there_by_its_own_hash_and_what_is_not_as_missing(lite, tmp_path):
    compiled = "numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
    packages = {"prompt-toolkit": package("prompt_toolkit"), "numpy": package("numpy", file=compiled)}
    for wheel in ("prompt_toolkit-3.0-py3-none-any.whl", "autodiff_and_mixtures-1.2.3-py3-none-any.whl"):
        (tmp_path / wheel).write_text(wheel)
    kept, missing = lite.held(packages, ["numpy", "prompt-toolkit"], tmp_path)
    assert missing == ["numpy", "comm"]
    assert kept["numpy"] == packages["numpy"]  # so the kernel asks the site for it
    there = kept["prompt-toolkit"]
    assert there["file_name"] == "prompt_toolkit-3.0-py3-none-any.whl"
    assert there["sha256"] == hashlib.sha256(b"prompt_toolkit-3.0-py3-none-any.whl").hexdigest()
    course = kept["autodiff-and-mixtures"]
    assert (course["version"], course["depends"]) == ("1.2.3", ["numpy", "packaging"])
    assert {"autograder", "course_lib"} <= {*course["imports"]}


@pytest.mark.parametrize("form", [str, Path.as_uri], ids=["folder", "address"])
def test_compiled_wheels_come_from_a_folder_or_an_address_and_by_their_hash_alone(lite, tmp_path, form):
    source, site = tmp_path / "source", tmp_path / "site"
    source.mkdir(), site.mkdir()
    numpy = package("numpy", file="numpy-2.4.6-cp314.whl")
    with pytest.raises(lite.Fault, match=r"does not give numpy-2\.4\.6-cp314\.whl"):
        lite.bring(numpy, form(source), site)
    (source / numpy["file_name"]).write_bytes(b"compiled")
    with pytest.raises(lite.Fault, match="its hash is another"):
        lite.bring(numpy, form(source), site)
    assert not [*site.iterdir()]
    lite.bring(numpy | {"sha256": hashlib.sha256(b"compiled").hexdigest()}, form(source), site)
    assert (site / numpy["file_name"]).read_bytes() == b"compiled"


def test_a_notebook_says_in_one_line_that_numpy_is_missing_and_is_as_released_otherwise(lite, monkeypatch, capsys):
    notebook = {"cells": [{"cell_type": "markdown", "source": "# One"}], "nbformat": 4}
    assert lite.with_word(notebook, ["scipy"]) == notebook
    first, *others = lite.with_word(notebook, ["numpy", "scipy"])["cells"]
    assert others == notebook["cells"]
    exec(first["source"], {})
    assert capsys.readouterr().out == ""
    monkeypatch.setitem(sys.modules, "numpy", None)  # as if it were not installed
    exec(first["source"], {})
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "without NumPy" in said


def test_the_site_brings_all_that_sets_may_import(lite):
    sets = available(ROOT / "exercises").values()
    imports = {name for one in sets for name in one.checks.imports}
    assert {name for name in imports if not name.startswith("course_lib")} <= {*lite.SETS_NEED}
    assert {*lite.OURS["autodiff-and-mixtures"]["depends"]} <= {*lite.SETS_NEED}
