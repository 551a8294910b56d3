"""IPython's syntax becomes what IPython itself makes of it, at the student's own line numbers, in linear time."""

import ast
import time

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.read.ipython_syntax import plain_python

CELLS = [
    *("%matplotlib inline\nx = 1", "!ls -l", "!!ls", "files = !ls *.py", "r = %timeit -o sum(range(3))", "%time"),
    *("x?", "np.sum??", "?x", "??np.sum", "*int*?", "x[1]?", "a = b?", "x # why?", "y = 'what?'", "assert x, 'why?'"),
    *("  x = 1\n  y = 2", ">>> x = 1\n>>> y = 2\n... ", "In [1]: x = 1\n   ...: y = 3"),
    *("def f():\n    %time x = 3\n    return 3", "if True:\n    r = %pwd\n    !ls", "if x:\n    pass\nelse:\n    !ls"),
    *("s = '''\n%time\n!ls\n'''", "'''a\n?'''", "f'''{x}\n!a'''", "x = '\\\n%time'", "f(a,\n  % b)", "x = [\n 1,\n!2]"),
    *("%%time\nx = 1\n", "%%bash\nls\n", "%%time?", "%%html\n<b>\n?\n"),
    *("/f 1 2", ",f a b", ";f a b", "x = y %z", "x %= 3", "a = b = 3", '"a =%d" % 3', "print('a =%d' % 3)"),
    *(
        "d['a'] = !ls",
        "y: int = %pwd",
        "x = 1 # = %time",
        "foo(x)?",
        "lambda: 3 ?",
        "%timeit -n 1 'a'  \n",
        "x = 1 % 2",
    ),
]


@pytest.mark.parametrize("source", CELLS)
def test_it_becomes_what_ipython_makes_of_it(source):
    assert plain_python(source).strip("\n") == TransformerManager().transform_cell(source).strip("\n")


@pytest.mark.parametrize("source", ["\n\n%time x\n\nhere", "!ls \\\n -l\nx\nhere", "%%capture\n\n!ls \\\n -l\nhere"])
def test_lines_keep_their_numbers(source):
    number = source.splitlines().index("here") + 1
    tree = ast.parse(plain_python(source))
    call = tree.body[-1].value
    if isinstance(call, ast.Call):  # a cell magic, whose body begins one line below
        tree, number = ast.parse(call.args[2].value), number - 1
    assert tree.body[-1].lineno == number


def test_what_a_cell_magic_runs_is_plain_python_too_and_ten_of_them_are_no_bomb():
    inner = plain_python("%%time\n%%capture\nfiles = !ls")
    assert "getoutput" in inner
    assert "!ls" not in inner
    assert len(plain_python("%%capture\n" * 10)) < 1000


NASTY = {
    "magics": lambda n: "%x\n" * n + "a = 1\n" * n,
    "continued": lambda n: "!a \\\n" * n,
    "questions": lambda n: "?" * n,
    "spaced-questions": lambda n: ("?" + " " * 50) * n,
    "a-long-name": lambda n: "%y\n" + "a." * n + "?",
    "cell-magics": lambda n: "%%capture\n" * n,
    "open-quotes": lambda n: "%x\n" + "'\\" * n,
    "open-triple-quotes": lambda n: "%x\n" + '"""\\' * n,
    "signs": lambda n: "%x\n" + "a=" * n,
    "brackets": lambda n: "%x\n" + "([" * n + "\n%y",
    "spaces": lambda n: (" " * n + "\n") * 3 + "%x",
    "comments": lambda n: "%x\n" + "?#" * n,
}


@pytest.mark.parametrize("name", NASTY)
def test_twice_as_long_takes_about_twice_as_long(name):
    def seconds(n):
        source = NASTY[name](n)
        begun = time.process_time()
        plain_python(source)
        return time.process_time() - begun

    once, twice = (min(seconds(n) for _ in range(3)) for n in (20_000, 40_000))
    assert twice < 3 * once + 0.02
