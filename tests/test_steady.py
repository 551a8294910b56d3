"""A run of the tests tries the same examples, whatever its process has run before."""

import importlib.util
import sys

from hypothesis import given
from hypothesis import strategies as st


def examples() -> list[tuple[int, str]]:
    """The examples that a property of this file is tried on."""
    seen = []

    @given(st.integers(0, 2**31), st.text())
    def look(number, text):
        seen.append((number, text))

    look()
    return seen


def test_what_another_file_has_loaded_changes_no_example(tmp_path):
    before = examples()
    file = tmp_path / "full_of_numbers.py"
    file.write_text("\n".join(f"n{n}, word{n} = {n * 1000 + 7}, 'word {n}'" for n in range(200)))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
        assert examples() == before
    finally:
        del sys.modules[file.stem]
