"""Notebooks as honest people write and save them: each gets what an honest reader would give, at home and when marked.

They work in Jupyter. What is odd about them is how IPython is used, how a file was saved, or what lies beside it. All
are one class of the tiny course, in which every part counts on the odd thing: where it did not work, points would be
missing.
"""

import copy
import json
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.grade import grade_class, grade_code
from autograder.read.class_folder import find_submissions
from autograder.read.submission import read_submission
from autograder.run.plain import Plain
from autograder.run.sandbox.launcher import Sandbox
from tests.autograder.grading.test_malformed import cell, honest

pytestmark = pytest.mark.grading
AREA = "def area(radius):\n    return np.pi * radius**2"
FULL, AREA_LOST = 5, 3
STYLES = tomllib.loads(Path(__file__).parents[1].joinpath("honest", "styles.toml").read_text("utf-8"))

# Odd cells before the part, and what its formula multiplies: 1, if all that stands above worked.
CELLS = {
    "help": ["help(np.cbrt)\none = 1"],
    "help-in-a-solution-cell": ["def told():\n    help(len)\n    return 1", "one = told()"],
    "timeit-with-a-result": ["r = %timeit -o -n 10 sum(range(9))\none = 1 if 0 < r.best <= r.average else 0"],
    "time-of-an-expression": ["one = %time 3 - 2"],
    "time-of-a-statement": ["%time one = 1"],
    "shell-line-with-a-result": ["files = !ls *.csv\none = 1 + len(files) + len(files.n)"],
    "shell-lines-within-blocks": ["one = 0\nfor k in range(1):\n    !ls\n    one += 1", "!pip \\\n list\none *= 1"],
    "place-with-a-result": ["here = %pwd\none = int(isinstance(here, str))"],
    "environment": ["%env SCALE=1\nimport os\none = int(os.environ['SCALE'])"],
    "magic-of-ones-own": [
        "from IPython.core.magic import register_line_magic",
        "@register_line_magic\ndef number(line):\n    return int(line)",
        "one = %number 1",
    ],
    "shell-that-is-asked-to-show-all": [
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'\none = 1"
    ],
    "old-way-to-call-magics": ["get_ipython().magic('matplotlib inline')\none = 1"],
    "formatters": ["get_ipython().display_formatter.formatters['text/html'].for_type(float, str)\none = 1"],
    "everything-of-display": ["from IPython.display import *\nclear_output(wait=True)\ndisplay(HTML('x'))\none = 1"],
    "a-display-that-is-renewed": ["shown = display('x', display_id=True)\nshown.update('y')\none = 1"],
    "display-as-a-module": [
        "from IPython import display\ndisplay.clear_output(wait=True)\ndisplay.display(display.HTML('x'))\none = 1"
    ],
    "display-below-ipython": ["import IPython\nIPython.display.display(IPython.display.Markdown('x'))\none = 1"],
    "version-of-ipython": ["import IPython\none = int(IPython.__version__ > '1')"],
    "sharp-pictures": [
        "from matplotlib_inline.backend_inline import set_matplotlib_formats\nset_matplotlib_formats('svg')\none = 1"
    ],
    "last-value": ["2 - 1", "one = _"],
    "last-values": ["3", "2", "one = __ - _"],
    "last-value-hidden": ["1", "7;", "one = _"],
    "underscore-of-a-loop": ["for _ in range(2):\n    pass", "5", "one = _"],
    "inputs-and-outputs": ["one = len(In) > 0 and isinstance(Out, dict) and 1"],
    "await": ["import asyncio\nasync def later():\n    await asyncio.sleep(0)\n    return 1", "one = await later()"],
    "async-with-and-for": [
        "async def numbers():\n    yield 1",
        "one = 0\nasync for n in numbers():\n    one += n",
    ],
    "task-of-an-earlier-cell": [
        "import asyncio\nasync def later():\n    return 1\ntask = asyncio.create_task(later())",
        "one = await task",
    ],
    "input": ["one = float(input('How large? '))"],
    "input-in-a-loop": ["said = ''\nwhile said != 'q':\n    said = input('q to quit ')", "one = 1"],
    "widgets": [
        "import ipywidgets as widgets\nslider = widgets.IntSlider(value=1, min=0, max=9)",
        "widgets.HBox([slider])\nwidgets.GridspecLayout(1, 1)[0, 0] = slider\none = slider.value",
    ],
    "interact": [
        "from ipywidgets import interact\n@interact(x=(0, 9))\ndef same(x=1):\n    return x\none = same(1)",
    ],
    "everything-of-widgets": ["from ipywidgets import *\nwith Output():\n    one = IntSlider(min=1).value"],
    "captured-cell": ["%%capture printed\nprint('1')", "one = int(printed.stdout)"],
    "magic-in-a-timed-cell": ["%%time\n%matplotlib inline\none = 1"],
    "a-file-that-a-cell-writes": ["%%writefile a.csv\n1,1\n1,1\n", "one = np.loadtxt('a.csv', delimiter=',').mean()"],
    "a-script-that-a-cell-writes": ["%%writefile mine.py\none = 1", "%run mine.py"],
    "pylab": ["%pylab inline\none = linspace(1, 1, 3).mean()"],
    "session-with-prompts": [">>> one = 1\n>>> def same(x):\n...     return x\n>>> one = same(one)"],
    "session-with-ipythons-prompts": ["In [1]: one = 1\n   ...: one = one * 1"],
    "questions": ["np.pi?\n?np.cos\nnp.sin??\none = 1"],
    "indented-cell": ["    one = 1\n    two = 2"],
    "annotations-of-the-future": [
        "from __future__ import annotations", "def same(x: Number) -> Unknown:\n    return x", "one = same(1)"
    ],
    "leaving": ["one = 1", "exit()"],
    "breakpoint-left-over": ["one = 1\nbreakpoint()"],
    "colab-is-asked-for": ["try:\n    import google.colab\n    one = 0\nexcept ImportError:\n    one = 1"],
    "colab-is-needed": ["from google.colab import drive\ndrive.mount('/content/drive')\none = 1"],
}  # fmt: skip


ASKING = ("input", "input-in-a-loop")


def of(notebook, *sources):
    """Put cells before the part, which multiplies by what they make."""
    at = notebook["cells"].index(cell(notebook, "area"))
    made = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    notebook["cells"][at:at] = made
    cell(notebook, "area")["source"] = AREA + " * one"
    return notebook


def helper_of_a_later_cell(notebook):
    of(notebook, "one = scale(1) if False else 1")
    cell(notebook, "area")["source"] = AREA + " * scale()"
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": "def scale():\n    return 1"})
    return notebook


def lines_without_ends(notebook):
    for c in notebook["cells"]:
        c["source"] = c["source"].splitlines()
    return notebook


def ids(change):
    def make(notebook):
        for c in notebook["cells"]:
            meta = c["metadata"].get("nbgrader", {})
            meta |= {"grade_id": change(meta["grade_id"])} if meta else {}
        return notebook

    return make


def types_in_capitals(notebook):
    for c in notebook["cells"]:
        c["cell_type"] = c["cell_type"].capitalize()
    return notebook


def empty_cells_without_source(notebook):
    notebook["cells"].insert(0, {"cell_type": "code", "metadata": {}, "outputs": []})
    notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": None})
    return notebook


FILES = {
    "helper-of-a-later-cell": (helper_of_a_later_cell, json.dumps, ""),
    "lines-without-ends": (lines_without_ends, json.dumps, "the ends of its lines were lost"),
    "zero-bytes-behind-the-end": (dict, lambda n: json.dumps(n) + "\0" * 512, "bytes of no meaning stand behind"),
    "control-z-behind-the-end": (dict, lambda n: json.dumps(n) + "\r\n\x1a", "bytes of no meaning stand behind"),
    "two-byte-order-marks": (dict, lambda n: "\ufeff\ufeff" + json.dumps(n), ""),
    "utf-16-without-a-mark": (dict, lambda n: json.dumps(n).encode("utf-16-le"), "written in UTF-16"),
    "utf-16-of-big-ends": (dict, lambda n: json.dumps(n, indent=1).encode("utf-16-be"), "written in UTF-16"),
    "utf-32": (dict, lambda n: json.dumps(n).encode("utf-32"), "written in UTF-32"),
    "windows-1252": (dict, lambda n: (json.dumps(n)[:-1] + ', "by": "Zoë"}').encode("cp1252"), "in Windows-1252"),
    "ids-in-capitals": (ids(str.upper), json.dumps, "ids of cells are written otherwise"),
    "ids-with-spaces": (ids("{} ".format), json.dumps, "ids of cells are written otherwise"),
    "types-in-capitals": (types_in_capitals, json.dumps, "the types of its cells are written in capitals"),
    "empty-cells-without-source": (empty_cells_without_source, json.dumps, ""),
}

RUN_OTHERWISE = ("helper-of-a-later-cell", "lines-without-ends")  # of the files, those tried at home too

# What an honest reader cannot give either: one cell is lost, and it is said why.
LOST = {
    "f-string-of-a-later-python": ('unit = {"m": 1}\nlabel = f"{unit["m"]}"\none = 1', "Python 3.12 and later take"),
    "import-that-is-not-declared": ("import tqdm\none = 1", "this problem set may import only"),
}


def asked_at_home(tiny, path):
    """Return what `autograder check` finds."""
    return grade_code("you", read_submission(path, tiny), tiny, 5, Plain(tiny.checks.imports))


@pytest.fixture(scope="module")
def results(tiny, tmp_path_factory):
    """What each notebook gets, marked and at home, by its name."""
    root = tmp_path_factory.mktemp("odd")

    def write(name, content, file="ps0.ipynb"):
        path = root / name / "ps0" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    for name, sources in CELLS.items():
        write(name, json.dumps(of(honest(tiny), *sources)))
    for name, style in STYLES.items():
        notebook = honest(tiny)
        cell(notebook, "area")["source"] = style["area"].rstrip("\n")
        write(name, json.dumps(notebook))
    for name, (change, save, _) in FILES.items():
        write(name, save(change(honest(tiny))))
    for name, (source, _) in LOST.items():
        write(name, json.dumps(of(honest(tiny), source)))
    write("copies-of-macos", json.dumps(honest(tiny)), "ps0 2.ipynb")
    write("copies-of-macos", b"\0\5\x16\7", "._ps0 2.ipynb")
    write("extension-in-capitals", json.dumps(honest(tiny)), "PS0.IPYNB")
    found = find_submissions(root, "ps0")
    marked = grade_class(tiny, found, seed=5, launcher=Sandbox(tiny.checks.imports, hidden=(root,)), jobs=2)
    with ThreadPoolExecutor(2) as pool:
        here = [name for name in found if name in CELLS or name in LOST or name in RUN_OTHERWISE]
        home = dict(zip(here, pool.map(lambda name: asked_at_home(tiny, found[name]), here), strict=True))
    return {result.student: (result, home.get(result.student, result)) for result in marked.results}


def everything_told(result):
    errors, messages = (e for _, e in result.cell_errors), (check.message for check in result.checks)
    return "\n".join([result.reason, *result.notices, *errors, *messages])


def test_there_are_as_many_as_were_seen():
    assert len(CELLS) + len(FILES) + len(LOST) >= 49


@pytest.mark.parametrize("name", [*CELLS, *FILES, "copies-of-macos", "extension-in-capitals"])
def test_an_honest_notebook_keeps_its_points(results, name):
    marked, home = results[name]
    assert (marked.status, marked.points) == ("marked", FULL), everything_told(marked)
    assert home.points == FULL, everything_told(home)
    words = FILES[name][2] if name in FILES else "Nobody answers `input()`" if name in ASKING else ""
    assert words in everything_told(marked)
    assert home.notices == marked.notices


@pytest.mark.parametrize("name", STYLES)
def test_a_way_to_write_is_told_nothing_and_keeps_its_points(results, name):
    marked, _ = results[name]
    assert (marked.status, marked.points) == ("marked", FULL), everything_told(marked)
    assert [marked.reason, *marked.notices, *marked.cell_errors] == [""], everything_told(marked)


def test_a_notebook_without_oddities_is_told_none(tiny, tmp_path):
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(honest(tiny)))
    assert read_submission(path, tiny).notices == ()


@pytest.mark.parametrize("name", LOST)
def test_what_cannot_run_here_loses_its_cell_and_is_told_why(results, name):
    if name == "f-string-of-a-later-python" and sys.version_info >= (3, 12):
        pytest.skip("this Python takes it")
    marked, home = results[name]
    assert marked.points == home.points == AREA_LOST
    assert LOST[name][1] in everything_told(marked)
    assert LOST[name][1] in everything_told(home)


def test_an_id_that_stands_as_it_should_is_given_to_no_other_cell(tiny, tmp_path):
    """The cell of another spelling is then a cell of the student's own; it runs, and in the order of the file."""
    notebook = honest(tiny)
    other = copy.deepcopy(cell(notebook, "area"))
    other["metadata"]["nbgrader"]["grade_id"] = "Area"
    notebook["cells"].insert(1, other)
    path = tmp_path / "ps0.ipynb"
    path.write_text(json.dumps(notebook))
    submission = read_submission(path, tiny)
    assert [c.name for c in submission.code] == ["cell 2", "setup", "area", "ring"]
    assert submission.notices == ()
