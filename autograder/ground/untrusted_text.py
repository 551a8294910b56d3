"""Text that students chose, made harmless where others see it: in file names, on terminals, in Markdown, in tables.

HTML is not a case here: pages are filled by Jinja2 with autoescape, which knows where it writes. What remains is
text that is obeyed by something else: a terminal (escape sequences), a reader's eye (marks that reverse the direction
of writing), a file system (``../``), a spreadsheet (``=HYPERLINK(...)`` in a CSV file), and Markdown, which hands HTML
on and turns links and formulas into actions.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

KEPT = "\n\t\u200c\u200d"  # line ends, tabs, and the joiners of Persian, Hindi and emoji
CELL_ENDS = re.compile(r"([;\t\n\r])")  # at which some spreadsheet parts a line of commas
SUSPECT = re.compile(r"[^\n\t -~]")  # anything beyond plain ASCII is looked at one by one
NAME_MARKS = frozenset(" -_.@+'")  # allowed in a name beside letters, digits and combining marks
MAX_NAME = 100  # characters; nbgrader's gradebook holds 128
MAX_NAME_BYTES = 220  # as a file system counts, which takes 255: what is put behind a name must have room
SCHEMES = frozenset({"http", "https", "mailto"})
LINK_TARGET = re.compile(r"\](?=\s*+[(:]\s*+(?:<\s*+)?(\S{1,200}))")  # as much as shows whether it may stay

# What MathJax would obey rather than set: links, styles, extensions, and every way to give one of these a new name; and
# what moves a formula out of its place, over what others have written.
FORMULA_COMMANDS = re.compile(
    r"\\(?=[A-Za-z]*(?:href|class|cssId|require|unicode|data|mmlToken|csname|html|command|environment|[Dd]eclare)"
    r"|(?:style|bbox|toggle|texttip|mathtip|[a-z]?def|let|futurelet|glet|url|includegraphics|Newextarrow|begingroup"
    r"|endgroup|global|[Rr]ule|raise|raisebox|lower|m?kern|[hmv]skip|[hmv]space|Space|moveleft|moveright|smash"
    r"|[a-z]*lap|vcenter|genfrac|above|abovewithdelims|uproot|leftroot)(?![A-Za-z]))"
)


def visible(text: str) -> str:
    r"""Return a text without characters that act: each is replaced by a sign that can be seen.

    Line ends and tabs stay. Control characters become their pictures; half characters (lone surrogates, which no
    file can hold), marks of writing direction and noncharacters become U+FFFD.

    Examples
    --------
    >>> visible("red \x1b[31m alert")
    'red ␛[31m alert'
    """
    text = text.replace("\r\n", "\n")
    return text if not SUSPECT.search(text) else "".join(c if c in KEPT or c.isprintable() else _sign(c) for c in text)


def bounded(text: str, limit: int) -> str:
    """Return at most about `limit` characters of a text, and how many there were.

    Examples
    --------
    >>> bounded("abcdef", 4), bounded("abcd", 4)
    ('abcd ... (6 characters)', 'abcd')
    """
    return text if len(text) <= limit else f"{text[:limit]} ... ({len(text)} characters)"


def listed(names: Iterable[str], most: int = 12, longest: int = 60) -> str:
    """Return names that students chose, few of them and each of them short.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    names = list(names)
    said = ", ".join(visible(bounded(name, longest)) for name in names[:most])
    return said if len(names) <= most else f"{said} and {len(names) - most} more"


def _sign(character: str) -> str:
    if character < " ":
        return chr(0x2400 + ord(character))
    category = unicodedata.category(character)
    return " " if category[0] == "Z" else character if category == "Co" else "\N{REPLACEMENT CHARACTER}"


def safe_name(name: str) -> str:
    """Return a name that is safe as a file name, as a student id in nbgrader, and in a spreadsheet.

    An ordinary name is returned as it is. Any other loses what is unsafe and gains a suffix computed from the whole
    name, so that different names stay different.

    Examples
    --------
    >>> safe_name("Zoë O'Neill-42")
    "Zoë O'Neill-42"
    >>> safe_name("../../etc/passwd")
    'etc_passwd-3754d6cb'
    """
    kept = "".join(c if c in NAME_MARKS or unicodedata.category(c)[0] in "LMN" else "_" for c in name)
    kept = kept.lstrip(" .-+@'_")[:MAX_NAME]
    kept = kept.encode("utf-8", "ignore")[:MAX_NAME_BYTES].decode("utf-8", "ignore").rstrip(" .")
    if kept == name and kept:
        return kept
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept.strip('_') or 'student'}-{digest}"


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Return a safe name for each name: all different, on file systems that do not tell ``Ada`` from ``ada`` too.

    Examples
    --------
    >>> safe_names(["Ada", "Bob"])
    {'Ada': 'Ada', 'Bob': 'Bob'}
    """
    safe: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        wish = safe_name(name)
        while (folded := unicodedata.normalize("NFKC", wish).casefold()) in taken:
            wish = safe_name(f"{name}\0{wish}")  # no name holds \0, so this gets a suffix, and another each time
        taken.add(folded)
        safe[name] = wish
    return safe


def inert_markdown(text: str) -> str:
    """Return Markdown that shows what a student wrote and does nothing.

    nbgrader's pages hand HTML in Markdown on to the browser of the person who marks. Here a space parts ``<`` from
    what would make it a tag (a formula ``a<b`` reads the same), a link or image whose target is no web address is
    parted in two, and formulas lose commands that act. It also passes nbconvert's renderer without an error.

    Examples
    --------
    >>> inert_markdown("**so** <script>f()</script> [x](javascript:f()) $a<b$")
    '**so** < script>f()< /script> [x] (javascript:f()) $a< b$'
    """
    text = re.sub(r"<(?=[^\s<=])", "< ", visible(text))
    text = re.sub(LINK_TARGET, lambda m: "]" if _may_link(m[1]) else "] ", text)
    # Fenced code of a language like `&NewLine;` makes the renderer raise: the page of that student would not open.
    text = re.sub(r"(?:~{3}|`{3})[^\n]*", lambda m: m[0].replace("&", "& "), text)
    return FORMULA_COMMANDS.sub(r"\\ ", text)


def _may_link(target: str) -> bool:
    """Whether a link may have this target: a web or mail address, or a place without a scheme."""
    plain = target
    while plain != (plain := html.unescape(plain)):
        pass
    plain = re.sub(r"[\s\\<\0-\x1f]", "", plain)
    before = re.split(r"[/?#)]", plain, maxsplit=1)[0]
    if ":" not in before:
        return before != plain or len(target) < 200  # else the scheme may stand where nobody looks
    return before.split(":")[0].lower() in SCHEMES


def is_formula(text: str) -> bool:
    r"""Whether a spreadsheet may take a text for a formula, or begin a cell anew before it.

    A sign counts in full width too, and behind quotes, spaces and characters that are not seen.

    Examples
    --------
    >>> [is_formula(text) for text in ("=1+1", "\uff1d1+1", "\u200d=1", "\n=1+1", "-rf", "Ada", "1-2")]
    [True, True, True, True, True, False, False]
    """
    begun = text[:1].isspace() and text[:1] != " "
    seen = (c for c in unicodedata.normalize("NFKC", text[:200]) if c.isprintable() and not c.isspace() and c != '"')
    first = next(seen, "")
    return begun or first in ("=", "+", "-", "@")


def in_csv(text: str) -> str:
    r"""Return a text that no spreadsheet takes for a formula, and that steers no terminal.

    Examples
    --------
    >>> in_csv("=1+1"), in_csv("Ada"), in_csv("\x1b[2J"), in_csv("see; =1+1")
    ("'=1+1", 'Ada', '␛[2J', "see;' =1+1")
    """
    return by_cells(visible(text), lambda cell: "'" + cell if is_formula(cell) else cell)


def kept_in_csv(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, and from which `out_of_csv` makes it again.

    Examples
    --------
    >>> [kept_in_csv(text) for text in ("=1+1", "'t Hooft", "Ada; @home")]
    ["'=1+1", "''t Hooft", "Ada;' @home"]
    >>> [out_of_csv(text) for text in ("'=1+1", "''t Hooft", "'t Hooft", "Ada;' @home")]
    ['=1+1', "'t Hooft", "'t Hooft", 'Ada; @home']
    """
    return by_cells(text, lambda cell: "'" + cell if cell[:1] == "'" or is_formula(cell) else cell)


def out_of_csv(text: str) -> str:
    """Return the text that `kept_in_csv` was given; what people have written stays as it is."""
    return by_cells(
        text, lambda cell: cell[1:] if cell[:1] == "'" and (cell[1:2] == "'" or is_formula(cell[1:])) else cell
    )


def by_cells(text: str, change: Callable[[str], str]) -> str:
    """Change each piece of a field that may become a cell of its own.

    Where people write decimal commas, spreadsheets part a line at semicolons, also within the quotes of a field that
    does not begin the line.
    """
    return "".join(piece if place % 2 else change(piece) for place, piece in enumerate(CELL_ENDS.split(text)))


def table(path: Path, errors: str = "strict") -> tuple[list[str], list[dict[str, str]]]:
    r"""Return the columns and the rows of a CSV in UTF-8, parted by commas, semicolons or tabs as its first line is.

    Where people write decimal commas, spreadsheets and platforms part by semicolons. A line may end before its last
    columns.

    Raises
    ------
    OSError, UnicodeDecodeError, csv.Error
        If it cannot be read so, or a line says something behind its last column: nobody would know of what.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "people.csv"
    >>> _ = path.write_text("\ufeffname;points\nL, Ada;12,5\n", encoding="utf-8")
    >>> table(path)
    (['name', 'points'], [{'name': 'L, Ada', 'points': '12,5'}])
    """
    text = path.read_bytes().decode("utf-8-sig", errors)

    def reader(mark: str) -> csv.DictReader[str]:
        return csv.DictReader(io.StringIO(text, newline=""), restkey="\0", restval="", delimiter=mark)

    found = reader(max(",;\t", key=lambda mark: len(reader(mark).fieldnames or ())))
    rows = []
    for row in found:
        if behind := [cell for cell in row.pop("\0", ()) if cell.strip()]:
            raise csv.Error(f"line {found.line_num} has {behind[0][:60]!r} behind its last column")
        rows.append(row)
    return list(found.fieldnames or ()), rows
