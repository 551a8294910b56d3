"""IPython's own syntax as plain Python: magics, shell lines, questions, prompts. A text becomes a text; nothing is run.

A notebook's cell may hold what Python does not know: ``%matplotlib inline``, ``files = !ls``, ``np.sum?``, an indented
cell, a session copied with its prompts. IPython rewrites each as a call, and so does this file, in one pass over the
lines, however many there are. Line numbers stay those of the student. What the calls then do is in `run.stand_ins`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

RAN_AS_CELLS = frozenset({"time", "capture", "prun"})  # cell magics below which stands a cell of the same notebook
SPECIAL = re.compile(r"(?m)^[ \t]*(?:[%!?,;/]|>>>|\.\.\.|In \[)|\?[ \t]*(?:#.*)?$|=[ \t]*[%!]")
PROMPTS = (
    (re.compile(r">>>(?: |$)"), re.compile(r"(?:>>>|\.\.\.)(?: |$)")),  # Python's
    (re.compile(r"In \[\d+\]: ?"), re.compile(r"In \[\d+\]: ?|\s*\.{3,}: ?")),  # IPython's
)
# What may open or close something in a line of Python. A text that does not end ends with its line.
TOKEN = re.compile(
    r"""(?P<triple>\"{3}|'{3})|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\#.*|(?P<open>[(\[{])|(?P<close>[)\]}])"""
)
END = {quotes: re.compile(rf"\\.|(?P<end>{quotes})", re.DOTALL) for quotes in ('"""', "'''")}
ESCAPED = re.compile(r"([ \t]*)(!!|\?\?|[!?%,;/])(.*)", re.DOTALL)
ASSIGNED = re.compile(r"([^#=\n]*[^#=\n!<>%&|^+\-*/@:])=[ \t]*(%(?=[A-Za-z_])|!)(.*)", re.DOTALL)
ASKED = re.compile(r"(\?\??)[ \t]*(?:#.*)?$")
NAME = re.compile(r"%{0,2}(?!\d)[\w*]+(?:\.\w+|\[-?\d+\])*$")
MAX_NAME = 200  # characters of what is asked about


def plain_python(source: str) -> str:
    r"""Rewrite IPython's syntax in one cell as calls, without running anything.

    Examples
    --------
    >>> print(plain_python("%matplotlib inline\nfiles = !ls\nx = 1 % 2"))
    get_ipython().run_line_magic('matplotlib', 'inline')
    files = get_ipython().getoutput('ls')
    x = 1 % 2
    >>> print(plain_python("%%time\ny = !ls"))
    get_ipython().run_cell_magic('time', '', "y = get_ipython().getoutput('ls')")
    """
    return _rewritten(source, cells=3)


def _rewritten(source: str, cells: int) -> str:
    """Rewrite a cell, in which this many cell magics may stand one above the other."""
    lines = _dedented(source.splitlines(keepends=True))
    if not SPECIAL.search("".join(lines)):
        return "".join(lines)
    lines = _without_prompts(lines)
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if cells and lines[first].startswith("%%") and not re.match(r"%%\w+\?", lines[first]):
        name, _, argument = lines[first][2:].rstrip().partition(" ")
        body = "".join(lines[first + 1 :])
        body = _rewritten(body, cells - 1) if name in RAN_AS_CELLS else body
        return "\n" * first + f"get_ipython().run_cell_magic({name!r}, {argument!r}, {body!r})"
    return "".join(_without_specials(lines))


def _dedented(lines: list[str]) -> list[str]:
    """Take the indentation of the first line that is not empty from all lines, as IPython does."""
    first = next((line for line in lines if line.strip()), "")
    space = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix(space) for line in lines] if space else lines


def _without_prompts(lines: list[str]) -> list[str]:
    for begins, prompt in PROMPTS:
        if begins.match(lines[0]) or (len(lines) > 1 and prompt.match(lines[1])):
            return [prompt.sub("", line, count=1) for line in lines]
    return lines


def _without_specials(lines: list[str]) -> Iterator[str]:
    """Yield the lines, those that begin a statement in IPython's syntax as calls."""
    inside = Inside()
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if inside.a_statement:
            inside.read(line)
            yield line
            continue
        if not _call(line):
            inside.read(line)
            yield line
            continue
        whole = [line]
        while whole[-1].rstrip("\r\n").endswith("\\") and number < len(lines):
            whole.append(lines[number].lstrip(" \t"))
            number += 1
        said = " ".join([part.rstrip("\r\n")[:-1] for part in whole[:-1]] + whole[-1:])
        yield _call(said) + "\n" * (len(whole) if whole[-1].endswith(("\n", "\r")) else len(whole) - 1)


class Inside:
    """Where a line of Python begins: within brackets, a text or a continued line, or at a statement."""

    def __init__(self) -> None:
        self.brackets = 0
        self.quotes = ""
        self.continued = False

    @property
    def a_statement(self) -> bool:
        """Whether what follows belongs to what stands before it."""
        return bool(self.brackets or self.quotes or self.continued)

    def read(self, line: str) -> None:
        """Read one line."""
        place = 0
        while True:
            if self.quotes:
                while (found := END[self.quotes].search(line, place)) and not found["end"]:
                    place = found.end()
                if found is None:
                    return
                place, self.quotes = found.end(), ""
            found = TOKEN.search(line, place)
            if found is None:
                break
            place, self.quotes = found.end(), found["triple"] or ""
            self.brackets = max(0, self.brackets + bool(found["open"]) - bool(found["close"]))
        self.continued = line.rstrip("\r\n").endswith("\\")


def _call(line: str) -> str:
    """Return a line in IPython's syntax as a call, without its end; "" where it is plain Python."""
    said = line.rstrip()
    found = ASKED.search(said)
    before = said[: found.start()] if found else ""
    if found and "#" not in before and (name := NAME.search(before[-MAX_NAME:])):
        indentation = before[: len(before) - len(before.lstrip(" \t"))]
        return indentation + _question(name[0], found[1])
    if found := ESCAPED.match(said):
        return found[1] + _escaped(found[2], found[3])
    if (found := ASSIGNED.match(said)) and _whole(found[1]):
        left, sign, rest = found.groups()
        return f"{left}= " + (_magic(rest) if sign == "%" else f"get_ipython().getoutput({rest!r})")
    return ""


def _whole(left: str) -> bool:
    """Whether brackets and texts on the left side of a sign are closed there."""
    pairs = all(left.count(one) == left.count(other) for one, other in ("()", "[]", "{}"))
    return pairs and left.count('"') % 2 == left.count("'") % 2 == 0


def _escaped(sign: str, rest: str) -> str:
    match sign:
        case "%":
            return _magic(rest)
        case "!":
            return f"get_ipython().system({rest!r})"
        case "!!":
            return f"get_ipython().getoutput({rest!r})"
        case "?" | "??":
            return _question(rest.strip(), sign)
    name, _, arguments = rest.strip().partition(" ")
    if sign == "/":
        return f"{name}({', '.join(arguments.split())})"
    texts = arguments.split() if sign == "," else [arguments]
    return f"{name}({', '.join(map(_quoted, texts))})"


def _question(name: str, marks: str) -> str:
    magic = "psearch" if "*" in name else "pinfo2" if marks == "??" else "pinfo"
    return f"get_ipython().run_line_magic({magic!r}, {name!r})"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _magic(rest: str) -> str:
    name, _, argument = rest.strip().partition(" ")
    return f"get_ipython().run_line_magic({name!r}, {argument!r})"
