"""The manifest: who handed in which file, by which numbers a platform knows them, and what became of it.

``SUBMISSIONS/collected.csv`` has one line for every file of every download. Nobody disappears between a platform and
the folder of submissions without a line here, and a mark finds its way back to the platform by the numbers in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from autograder.ground.untrusted_text import kept_in_csv, out_of_csv, table
from autograder.ground.whole_file import write_whole

NAME = "collected.csv"
REPLACED = "an earlier download's, which a later one replaced"
TAKEN = "taken"  # how the words begin that are said of the file that is marked


class ManifestError(ValueError):
    """A manifest cannot be read. The message says what is wrong and what to do."""


@dataclass(frozen=True)
class Line:
    """One file of one download, all of it text.

    Attributes
    ----------
    folder : str
        The student's folder among the submissions; "" where nobody could be told.
    set : str
        The problem set.
    platform, id, name, login : str
        What the platform calls the person.
    attempt, time, late : str
        What the platform says of the hand-in; the time in ISO 8601, "late" or "".
    file : str
        The name in the download.
    done : str
        What was done with it: "taken", "taken: ..." with a notice, or why it was not.
    digest : str
        SHA-256 of the notebook as it was written, where it was taken: later changes by hand are seen by it.
    """

    folder: str
    set: str
    platform: str
    id: str
    name: str
    login: str
    attempt: str
    time: str
    late: str
    file: str
    done: str
    digest: str = ""

    @property
    def nameless(self) -> bool:
        """Whether the platform hid who it is behind a number, which is another one in every assignment."""
        return not (self.login or self.name) or (self.platform, self.name) == ("Moodle", "Participant")

    @property
    def taken(self) -> bool:
        """Whether this file is the one that is marked."""
        return self.done == TAKEN or self.done.startswith(f"{TAKEN}:")


def read_manifest(submissions: Path) -> list[Line]:
    """Return the lines of a folder's manifest; none, where nothing was collected there.

    Raises
    ------
    ManifestError
        If the file is there and is no manifest.
    """
    path = submissions / NAME
    if not path.is_file():
        return []
    names = [field.name for field in fields(Line)]
    try:
        columns, rows = table(path, "backslashreplace")
    except csv.Error as error:
        raise ManifestError(f"{path} cannot be read as CSV: {error}. Move it away, and collect again.") from None
    if absent := [name for name in names if name not in columns]:
        raise ManifestError(
            f"{path} is no manifest of `autograder collect`: it lacks the columns {', '.join(absent)}. "
            "Move it away, and collect again."
        )
    return [Line(**{name: out_of_csv(row[name]) for name in names}) for row in rows]


def write_manifest(submissions: Path, lines: Iterable[Line]) -> Path:
    """Write the manifest, sorted by set and folder; return its path."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Line)], lineterminator="\n")
    writer.writeheader()
    for line in sorted(lines, key=lambda line: (line.set, line.folder, line.file)):
        writer.writerow({name: kept_in_csv(value) for name, value in asdict(line).items()})
    write_whole(submissions / NAME, text.getvalue().encode("utf-8", "backslashreplace"))
    return submissions / NAME


def merged(old: Iterable[Line], new: Iterable[Line]) -> list[Line]:
    """Return the lines of before and of now: of one file of one set, what was said last.

    Of one student's files of a set one is taken: the one that was taken last. What was taken before keeps its line,
    also where the new file has its name, as a platform may call every attempt; and it is taken still, where the new one
    was not.
    """
    new = list(new)
    now = {(line.set, line.file, line.platform, line.folder): line for line in new}
    named = {(line.set, line.file, line.platform) for line in new}
    replaced = {(line.set, line.folder) for line in new if line.taken}
    kept = []
    for line in old:
        later = now.get((line.set, line.file, line.platform, line.folder))
        stays = later and (line.done == REPLACED or (line.taken and line.digest != later.digest))
        if (line.set, line.file, line.platform) in named and not stays:
            continue
        if line.taken and (line.set, line.folder) in replaced:
            line = replace(line, done=REPLACED, digest="")
        kept.append(line)
    return [*kept, *new]


def doubles(now: Sequence[Line], earlier: Sequence[Line]) -> Iterator[tuple[str, str, str]]:
    """Yield who is new, the number, and who handed in under it before: perhaps one person, called otherwise now.

    Only of Brightspace's numbers is that not known. One that two people share in one download tells nobody apart.

    Examples
    --------
    >>> def line(set, id, name):
    ...     return Line(name, set, "Brightspace", id, name, "", "", "", "", "", "taken")
    >>> list(doubles([line("ps2", "9", "Ada King"), line("ps2", "8", "Bob")], [line("ps1", "9", "Ada Byron")]))
    [('Ada King', '9', 'Ada Byron')]
    """
    earlier, now = (
        [line for line in lines if line.platform == "Brightspace" and line.folder] for lines in (earlier, now)
    )
    shared: set[str] = set()
    before: dict[str, str] = {}
    for lines in (earlier, now):
        holders: dict[tuple[str, str], str] = {}
        shared |= {line.id for line in lines if holders.setdefault((line.set, line.id), line.folder) != line.folder}
    for line in earlier:
        before.setdefault(line.id, line.folder)
    known = {line.folder for line in earlier}
    for folder, id in sorted({(line.folder, line.id) for line in now} - {(line.folder, line.id) for line in earlier}):
        if folder not in known and id in before and id not in shared:
            yield folder, id, before[id]


def known_in(lines: Sequence[Line], id: str) -> bool:
    """Whether somebody of whom these lines are can be told in the problem set `id`.

    Who is a number of other assignments alone may have handed in here under another one, and is not missing.

    Examples
    --------
    >>> def line(set, name):
    ...     return Line(f"{name} 6001", set, "Moodle", "6001", name, "", "", "", "", "", "taken")
    >>> [known_in([line("ps1", name)], id) for name in ("Participant", "Ada") for id in ("ps1", "ps2")]
    [True, False, True, True]
    """
    return not lines or not all(line.nameless and line.set != id for line in lines)


def people(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return what is known of each student, by folder: a line for each set and each way to name the person."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.folder:
            found.setdefault(line.folder, []).append(line)
    return found
