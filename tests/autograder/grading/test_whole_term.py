"""A term, played from the first download to the last table; every number is compared with what was planned.

Three sets from three platforms, sixty students of whom ten are messy, late work and an extension, a check that is
corrected in the third week, two who mark by hand, two kills, an appeal, and marks that go back.
"""

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.ground.problem_sets import find

pytestmark = pytest.mark.grading

KILLED = Path(__file__).parents[1] / "killed_grader.py"
STUDENTS = [f"s{n:02}" for n in range(60)]
NAMES = {s: f"Name {s}" for s in STUDENTS} | {"s58": "Sam Same", "s59": "Sam Same"}
WRONG = "def area(radius):\n    return 2 * np.pi * radius"
TENTH_AN_HOUR = """
from nbgrader.plugins import BasePlugin

class TenthAnHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1 * total_seconds_late / 3600
c.AssignLatePenalties.plugin_class = TenthAnHour
"""


def right(student):
    """Whether a student gets the area right: two of three do."""
    return int(student[1:]) % 3 != 1


class Term:
    def __init__(self, folder, tiny):
        self.folder = folder
        for id in ("ps0", "ps1", "ps2"):
            copy = folder / f"exercises/{id}_circles"
            shutil.copytree(tiny.folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
            for path in copy.rglob("*.*"):
                if path.is_file():
                    path.write_text(path.read_text().replace("ps0", id))
        self.url = f"sqlite:///{folder / 'build/gradebook.db'}"

    def say(self, *words, status=0, answer=""):
        done = CliRunner().invoke(main, list(words), input=answer)
        assert done.exit_code == status, (words, done.output, done.stderr, done.exception)
        return " ".join(done.output.split())

    def notebook(self, id, student):
        """Return a student's notebook: right or wrong, in words where a person marks."""
        cells = []
        for cell in find(id, "exercises").notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            source = WRONG if grade_id == "area" and not right(student) else cell.source
            metadata = json.loads(json.dumps(cell.metadata))
            cells.append({"cell_type": cell.cell_type, "source": source, "metadata": metadata})
            if cell.cell_type == "code":
                cells[-1] |= {"outputs": [], "execution_count": None}
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}

    def text(self, id, student):
        return json.dumps(self.notebook(id, student))

    def zipped(self, files):
        path = self.folder / "bulk.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return str(path)

    def grade(self, id, *words, **how):
        return self.say("grade", id, "--submissions", "build/submitted", "--jobs", "2", *words, **how)

    def points(self, id):
        said = json.loads((self.folder / f"build/grading/{id}/results.json").read_text())["submissions"]
        return {s["student"]: s["points"] for s in said if s["status"] != "missing"}

    def by_hand(self, id, given):
        """What a person does in formgrader: points, and a comment."""
        with Gradebook(self.url) as gradebook:
            for student, points in given.items():
                grade = gradebook.find_grade("why", id, id, student)
                grade.manual_score, grade.needs_manual_grade = points, False
                gradebook.find_comment("why", id, id, student).manual_comment = f"{points:g} for {student}"
            gradebook.db.commit()

    def table(self, name):
        with (self.folder / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def in_zip(text):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("my work/ps0.ipynb", text)
    return held.getvalue()


@pytest.fixture
def term(tmp_path, tiny, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Term(tmp_path, tiny)


def test_a_term_loses_nobody_and_no_point(term, tmp_path):
    canvas = "Student,ID,SIS User ID,SIS Login ID,Section,ps0 (77)\n    Points Possible,,,,,9\n" + "".join(
        f'"{NAMES[s].split()[1]}, {NAMES[s].split()[0]}",{100 + n},sis{n},{s},Monday,\n' for n, s in enumerate(STUDENTS)
    )
    (tmp_path / "canvas.csv").write_text(canvas)
    assert "60 people" in term.say("roster", "canvas.csv")
    first_week(term)
    second_week(term, tmp_path)
    third_week(term, tmp_path)
    marks_go_back(term, tmp_path)


def first_week(term):
    """Canvas, and every way in which its files are messy."""
    files = {}
    for n, s in enumerate(STUDENTS):
        late, name = ("_LATE" if n == 7 else ""), "ps0.ipynb"
        text = term.text("ps0", s)
        match n:
            case 10:
                name = "PS0.IPYNB"
            case 11:
                name = "ps0.ipynb.txt"
            case 12:
                name, text = "ps0.zip", in_zip(text)
            case 13:
                name = "ps0-1.ipynb"
            case 14:
                notebook = term.notebook("ps0", s)
                for number, cell in enumerate(notebook["cells"]):
                    cell |= {"metadata": {}, "id": f"x{number}"}
                text = json.dumps(notebook)
            case 15:
                notebook = term.notebook("ps0", s)
                notebook["cells"][-1]["attachments"] = {"a.png": {"image/png": "A" * (11 << 20)}}
                text = json.dumps(notebook)
            case 16:
                files[f"name{s}_{100 + n}_{8000 + n}_notes.ipynb"] = "{}"
            case 17:
                name, text = "ps0.pdf", "%PDF"
            case 18:
                continue
        files[f"{NAMES[s].replace(' ', '').lower()}{late}_{100 + n}_{9000 + n}_{name}"] = text
    said = term.say("collect", "ps0", term.zipped(files), status=1)
    assert "left names16_116_8016_notes.ipynb: a notebook, and none of its cells is of ps0" in said
    assert "58 submissions" in said
    assert "without a notebook: s17" in said
    taken = {line["folder"] for line in term.table("build/submitted/collected.csv") if line["done"].startswith("taken")}
    assert taken == set(STUDENTS) - {"s17", "s18"}
    term.grade("ps0")
    assert term.points("ps0") == {s: 5 if right(s) else 3 for s in sorted(taken)}
    term.by_hand("ps0", dict.fromkeys(sorted(taken)[:30], 4.0))
    term.by_hand("ps0", dict.fromkeys(sorted(taken)[30:], 2.0))


def second_week(term, tmp_path):
    """Brightspace, which says when; late work, an extension, several attempts; the check is too generous."""
    checks = tmp_path / "exercises/ps1_circles/checks.py"
    strict = checks.read_text()
    checks.write_text(strict.replace("    trials = 3\n", "    trials = 3\n    rtol = 0.9\n"))
    roster = tmp_path / "build/roster.csv"
    lines = roster.read_text().splitlines()
    for n, line in enumerate(lines):
        if line.startswith(("s58,", "s59,")):
            lines[n] = line.replace("canvas=", f"brightspace=9000{line[1:3]} canvas=")
        if line.startswith("s03,"):
            lines[n] = line + "ps1=+2h"
    roster.write_text("\n".join(lines) + "\n")
    (tmp_path / "build/term.toml").write_text("[ps1]\ndue = 2025-03-01T12:00:00Z\nweight = 2\n")
    files = {}
    for n, s in enumerate(STUDENTS):
        at = "100 PM" if n in (3, 4, 5) else "1130 AM"
        files[f"PS/9000{n:02}-77 - {NAMES[s]} - Mar 1, 2025 {at}/ps1.ipynb"] = term.text("ps1", s)
    files["PS/900006-77 - Name s06 - Feb 28, 2025 900 AM/ps1.ipynb"] = "{}"
    assert "60 submissions" in term.say("collect", "ps1", term.zipped(files), "--timezone", "UTC")
    term.say("release", "ps1")
    config = tmp_path / "build/nbgrader_config.py"
    config.write_text(config.read_text().partition("\n")[2] + TENTH_AN_HOUR)
    term.grade("ps1")
    assert term.points("ps1") == dict.fromkeys(STUDENTS, 5)  # the check lets everything pass
    checks.write_text(strict)
    with Gradebook(term.url) as gradebook:
        assert gradebook.find_submission("ps1", "s04").late_submission_penalty == pytest.approx(0.5)


def third_week(term, tmp_path):
    """The check is put right; Moodle; two kills, and the class is marked all the same."""
    refused = term.grade("ps1", answer="n\n", status=1)
    assert "s04: 5 points are recorded, 3 now (circle-area 2 -> 0)" in refused
    assert term.points("ps1") == dict.fromkeys(STUDENTS, 5)
    term.grade("ps1", "--yes")
    assert term.points("ps1") == {s: 5 if right(s) else 3 for s in STUDENTS}
    changed = {row["student"] for row in term.table("build/grading/ps1/changes.csv")}
    assert changed == {s for s in STUDENTS if not right(s)}
    term.by_hand("ps1", dict.fromkeys(STUDENTS, 4.0))
    sheet = "Identifier,Full name,Email address,Status,Grade,Maximum Grade\n" + "".join(
        f"Participant {500 + n},{NAMES[s]},{s}@uni.edu,Submitted,,9\n" for n, s in enumerate(STUDENTS)
    )
    (tmp_path / "sheet.csv").write_text(sheet)
    roster = (tmp_path / "build/roster.csv").read_text().splitlines()
    with (tmp_path / "build/roster.csv").open("w") as file:  # addresses, by which Moodle's sheet names people
        file.write(roster[0] + "\n")
        file.writelines(line.replace(",,Monday", f",{line[:3]}@uni.edu,Monday") + "\n" for line in roster[1:])
    assert ", 0 of them new" in term.say("roster", "sheet.csv")
    files = {
        f"{NAMES[s]}_{500 + n}_assignsubmission_file/ps2.ipynb": term.text("ps2", s)
        for n, s in enumerate(STUDENTS) if n != 20
    }  # fmt: skip
    assert "59 submissions" in term.say("collect", "ps2", term.zipped(files))
    words = ["grade", "ps2", "--submissions", "build/submitted", "--jobs", "2"]
    for kept in ("5", "10"):
        killed = subprocess.run([sys.executable, KILLED, kept, *words], stdout=subprocess.DEVNULL, timeout=240)
        assert killed.returncode == -signal.SIGKILL
    assert "goes on with the same inputs" in term.grade("ps2")
    assert term.points("ps2") == {s: 5 if right(s) else 3 for s in STUDENTS if s != "s20"}
    term.by_hand("ps2", {s: 1.0 for s in STUDENTS if s != "s20"})
    said = term.say("appeal", "s04", "ps2")
    assert "circle-area: 0 then, 0 of 2 now" in said
    assert "the same points as then" in said


def marks_go_back(term, tmp_path):
    """To Canvas and Moodle, by their numbers; and into the term's table."""
    first = {s: (5 if right(s) else 3) + (4 if s < "s32" else 2) for s in STUDENTS if s not in ("s17", "s18")}
    said = term.say("export", "ps0", "--format", "canvas", "--roster", "canvas.csv", status=1)
    assert "2 rows have no mark" in said
    rows = {row["SIS Login ID"]: row["ps0 (77)"] for row in term.table("build/grading/ps0/canvas.csv") if row["ID"]}
    assert rows == {s: f"{first[s]:.1f}" if s in first else "" for s in STUDENTS}
    term.say("feedback", "ps2")
    said = term.say("export", "ps2", "--format", "moodle", "--roster", "sheet.csv", "--absent", "0")
    third = {s: (5 if right(s) else 3) + 1 for s in STUDENTS if s != "s20"}
    grades = {row["Email address"][:3]: row["Grade"] for row in term.table("build/grading/ps2/moodle.csv")}
    assert grades == {s: f"{third[s]:.1f}" if s in third else "0" for s in STUDENTS}
    with zipfile.ZipFile(tmp_path / "build/grading/ps2/moodle_feedback.zip") as archive:
        pages = {name.split("_")[1]: archive.read(name).decode() for name in archive.namelist()}
    assert set(pages) == {str(500 + n) for n in range(60) if n != 20}
    assert "1 for s04" in pages["504"]
    second = {s: (5 if right(s) else 3) + 4 for s in STUDENTS}
    second |= {s: round(second[s] * 0.9, 2) for s in ("s04", "s05")}  # an hour late; s03 had two hours more
    term.say("term")
    table = {row["student"]: row for row in term.table("build/grading/term.csv")}
    assert set(table) == set(STUDENTS)
    for s, row in table.items():
        points = [float(row[f"{id} of 9"]) for id in ("ps0", "ps1", "ps2")]
        assert points == [pytest.approx(p) for p in (first.get(s, 0.0), second[s], third.get(s, 0.0))], s
        assert float(row["percent"]) == pytest.approx(100 * (points[0] + 2 * points[1] + points[2]) / 36, abs=0.01)
    asked = ("s07", "s04", "s03", "s17", "s20")
    remarks = {s: [table[s][f"{id} remarks"] for id in ("ps0", "ps1", "ps2")] for s in asked}
    assert remarks == {
        "s07": ["late", "", ""], "s04": ["", "late 1.0 h", ""], "s03": ["", "", ""], "s17": ["missing", "", ""],
        "s20": ["", "", "missing"],
    }  # fmt: skip
