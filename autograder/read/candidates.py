"""What one file of a download holds: the notebooks in it, and what is wrong with them.

Anybody may have made these files: a ZIP of a hundred kilobytes unpacks to gigabytes, a notebook of ten megabytes to a
gigabyte of lists. So `look` and `content_of` are asked of a child, which has a deadline and a bound on memory (see
`ground.bounded`); what comes back of a file is a few words and a digest, and of one notebook a person its content.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.ground.untrusted_text import safe_name
from autograder.read.decoding import MAX_BYTES, MAX_WITH_OUTPUTS, without_outputs
from autograder.read.download import ARCHIVE, DAMAGES, JUNK, NOTEBOOK, TEXT, Damaged, Download, Entry, inside
from autograder.read.submission import SubmittedCell, Unreadable, read_cells

MAX_ZIP = 64 * 2**20  # of a ZIP that a student handed in
MAX_INSIDE = 50  # notebooks that are looked at in one
DEEPEST = 2  # ZIPs in each other that are opened, as who packs a folder twice makes them
CHECKPOINTS = ".ipynb_checkpoints"  # a folder in which Jupyter keeps an older state
BESIDE = {"timestamp.txt": re.compile(r"[ -~]{4,60}"), "submission_secret.txt": re.compile(r"[0-9a-f]{16,256}")}
NO_NOTEBOOK = "no notebook"
CHECKPOINT = "a checkpoint that Jupyter keeps by itself"
LAID_BESIDE = "what an operating system lays beside a file"
BY_ITSELF = (CHECKPOINT, LAID_BESIDE)  # what nobody has written
WRITTEN_BESIDE = "beside the notebook"
CLOSED = "an archive that cannot be opened here"
WITHOUT = "a ZIP without a notebook"
NOT_READ, NOT_LOOKED_AT, TOO_LARGE = "not read", "not looked at", "larger than"
FAULTS = (CLOSED, WITHOUT, NOT_READ, NOT_LOOKED_AT, TOO_LARGE, *DAMAGES)  # of a file itself: its owner may be told

Whole = Callable[[tuple[SubmittedCell, ...]], Sequence[SubmittedCell]]


@dataclass(frozen=True)
class Own:
    """How a set's notebook is known: by the ids of its cells, also of cells that have lost theirs."""

    ids: Collection[str]
    whole: Whole

    def holds(self, content: bytes, name: str) -> tuple[bool, str]:
        """Whether a file holds cells of the set, and what is wrong with it where it cannot be read."""
        if not self.ids:
            return True, ""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (safe_name(name) or "notebook")
            path.write_bytes(content)
            try:
                cells = self.whole(read_cells(path))
            except Unreadable as error:
                return False, f"it cannot be read: {str(error).partition('. ')[0].removesuffix('.')}"
        return not {cell.grade_id for cell in cells}.isdisjoint(self.ids), ""


@dataclass(frozen=True)
class Candidate:
    """A notebook of a download, without its content.

    Attributes
    ----------
    name : str
        What it is called in the download; in a ZIP of a student's, with that ZIP before it.
    file : str
        The student's own name for it.
    date : tuple of int
        When it was written, as far as the download says it.
    place : tuple of int
        The number of the entry, and of the entry in its ZIP, and in the ZIP in that.
    digest : str
        The SHA-256 of its content; "" where it cannot be taken.
    belongs : bool
        Whether cells of the set are in it.
    damage, why_not : str
        What is wrong with it as a notebook, and why it cannot be taken.
    notices : tuple of str
        What is odd about it, and where it was found.
    """

    name: str
    file: str
    date: tuple[int, ...]
    place: tuple[int, ...]
    digest: str = ""
    belongs: bool = False
    damage: str = ""
    why_not: str = ""
    notices: tuple[str, ...] = ()


def base_name(file: str) -> str:
    """Return the last part of a path, of whichever system it is.

    Examples
    --------
    >>> base_name("work/ps1.ipynb"), base_name("work" + chr(92) + "ps1.ipynb")
    ('ps1.ipynb', 'ps1.ipynb')
    """
    return file.replace("\\", "/").rpartition("/")[2]


def kind_of(name: str, file: str) -> str:
    """Return what is said of a file by its name alone; "" where it must be looked at."""
    if JUNK.search(file):
        return LAID_BESIDE
    if CHECKPOINTS in name.replace("\\", "/").split("/")[:-1]:
        return CHECKPOINT
    if base_name(file) in BESIDE:
        return WRITTEN_BESIDE
    if NOTEBOOK.search(file) or TEXT.search(file) or file.lower().endswith(".zip"):
        return ""
    return f"{CLOSED}: only ZIPs are" if ARCHIVE.search(file) else NO_NOTEBOOK


def look(download: Download, number: int, file: str, id: str, own: Own) -> tuple[str, list[Candidate]]:
    """Return the notebooks in an entry of a download; and where it holds none, what is said of it.

    Parameters
    ----------
    download : Download
    number : int
        The place of the entry in it.
    file : str
        What the student called it.
    id : str
        The problem set.
    own : Own
        How the set's notebook is known.
    """
    entry = download.entries[number]
    if NOTEBOOK.search(file):
        found = Candidate(entry.name, file, entry.date, (number,), notices=about(file, id))
        return "", [_read(found, entry, own)]
    if TEXT.search(file):
        found = _read(Candidate(entry.name, file, entry.date, (number,), notices=about(file, id)), entry, own)
        return NO_NOTEBOOK, [found] if own.ids and found.belongs else []
    try:
        packed = list(_packed(entry, (number,)))
    except Damaged as damage:
        return f"{CLOSED}: {damage}", []
    closed = [found for found, _ in packed if found.why_not]
    inner, texts = ([pair for pair in packed if form.search(pair[0].file)] for form in (NOTEBOOK, TEXT))
    notebooks = []
    for found, within in (inner or texts)[:MAX_INSIDE]:
        said = (f"out of {base_name(file)}", *about(base_name(found.file), id))
        found = _read(replace(found, notices=said), within, own)
        if inner or (own.ids and found.belongs):
            notebooks.append(found)
    if len(inner) > MAX_INSIDE:
        why_not = f"{NOT_LOOKED_AT}: {len(inner)} notebooks are in {base_name(file)}, and {MAX_INSIDE} are the most"
        notebooks.append(replace(inner[MAX_INSIDE][0], why_not=why_not))
    return WITHOUT, [*notebooks, *closed[:MAX_INSIDE]]


def _packed(entry: Entry, place: tuple[int, ...], above: str = "") -> Iterator[tuple[Candidate, Entry]]:
    """Yield what a student has laid into a ZIP, and into the ZIPs in it; and why an archive in it stays closed.

    Raises
    ------
    Damaged
        If it cannot be opened.
    """
    for at, within in enumerate(inside(entry, MAX_ZIP)):
        if kind_of(within.name, within.name) in BY_ITSELF:
            continue
        found = Candidate(f"{entry.name}/{within.name}", f"{above}{within.name}", within.date, (*place, at))
        if not within.name.lower().endswith(".zip"):
            why_not = "only ZIPs are" if ARCHIVE.search(within.name) else ""
        elif len(found.place) > DEEPEST:
            why_not = "it lies in a ZIP that lies in a ZIP"
        else:
            try:
                packed = list(_packed(replace(within, name=found.name), found.place, f"{found.file}/"))
            except Damaged as damage:
                why_not = str(damage)
            else:
                yield from packed
                continue
        yield replace(found, why_not=why_not and f"{CLOSED}: {why_not}"), within


def content_of(download: Download, place: tuple[int, ...]) -> bytes:
    """Return what is written of a notebook that was looked at."""
    number, *within = place
    entry = download.entries[number]
    for at in within:
        entry = inside(entry, MAX_ZIP)[at]
    return _light(entry)[0]


def about(file: str, id: str) -> tuple[str, ...]:
    """Return what is said of the name that a student gave a notebook."""
    folder, _, name = file.replace("\\", "/").rpartition("/")
    called = [] if right_name(name, id) == 2 else [f"called {name}"]
    return (*([f"in the folder {folder}"] if folder else []), *called)


def right_name(name: str, id: str) -> int:
    """Return 2 for the released name, 1 for what platforms and browsers make of it, 0 for any other.

    Examples
    --------
    >>> [right_name(name, "ps1") for name in ("ps1.ipynb", "PS1.ipynb.txt", "ps1-1.ipynb", "ps1 (2).ipynb", "a.ipynb")]
    [2, 1, 1, 1, 0]
    """
    if name == f"{id}.ipynb":
        return 2
    changed = rf"{re.escape(id)}(?:[-_ ]?\(?\d+\)?)?\.ipynb(?:\.txt|\.json)?"
    return int(re.fullmatch(changed, name, re.IGNORECASE) is not None)


def _read(found: Candidate, entry: Entry, own: Own) -> Candidate:
    """Read a notebook, without outputs where these make it large, and see whether it is of this set."""
    try:
        content, size = _light(entry)
    except Damaged as error:
        return replace(found, why_not=str(error))
    belongs, damage = own.holds(content, base_name(found.file))
    notices = found.notices if size == len(content) else (*found.notices, f"without its outputs, {size / 2**20:.0f} MB")
    digest = hashlib.sha256(content).hexdigest()
    return replace(found, digest=digest, belongs=belongs, damage=damage, notices=notices)


def _light(entry: Entry) -> tuple[bytes, int]:
    """Return a notebook's content, without outputs where these make it large, and how large it was."""
    content = entry.read(MAX_WITH_OUTPUTS + 1)
    if len(content) <= MAX_BYTES:
        return content, len(content)
    lighter = without_outputs(content) if len(content) <= MAX_WITH_OUTPUTS else content
    if len(lighter) > MAX_BYTES:
        raise Damaged(f"{TOO_LARGE} {MAX_BYTES // 2**20} MB, also without its outputs")
    return lighter, len(content)
