"""A term's table: who has what in which set, weighted as the plan says; the plan in words that can be put right."""

from datetime import timedelta

import pytest

from autograder.read.collected import Line
from autograder.read.plan import PlanError, Planned, read_plan
from autograder.read.roster import Person, Roster
from autograder.record.marks import Mark
from autograder.report.term import term_rows


def test_everybody_stands_in_the_table_with_what_is_known():
    sets = {
        "ps1": ([Mark("ada", 8.0, 2.0, False), Mark("bob", 4.0, 0.0, True, penalty=1.0, late=5400.0)], 10.0),
        "ps2": ([Mark("ada", 15.0, 0.0, False)], 20.0),
    }
    more = {"ps2": timedelta(days=1)}
    roster = Roster([Person("ada", "Ada Lovelace", "a@b.c", "Monday", extensions=more), Person("dora")])
    late = Line("ada", "ps2", "Canvas", "1", "lovelaceada", "", "", "", "late", "f", "taken")
    lost = Line("eve", "ps1", "Canvas", "9", "eve", "", "", "", "", "f", "no notebook")
    table = term_rows(sets, ["ada", "bob"], {"ps1": Planned(weight=3.0)}, roster, [late, lost])
    assert table == [
        ["student", "name", "email", "section", "ps1 of 10", "ps1 remarks", "ps2 of 20", "ps2 remarks", "percent"],
        ["ada", "Ada Lovelace", "a@b.c", "Monday", 10.0, "", 15.0, "late; has more time", 93.75],
        ["bob", "", "", "", 3.0, "late 1.5 h; waits", 0.0, "missing", 22.5],
        ["dora", "", "", "", 0.0, "missing", 0.0, "missing", 0.0],
        ["eve", "", "", "", 0.0, "missing", 0.0, "missing", 0.0],
    ]


def test_a_number_of_blind_marking_is_nobody_in_another_set():
    """Moodle and Canvas number anew for each assignment: 31 of a class of 11 "missed" what they had handed in."""
    sets = {"ps1": ([Mark("Participant 61", 8.0, 0.0, False), Mark("ada", 5.0, 0.0, False)], 10.0), "ps2": ([], 20.0)}
    lines = [
        Line("Participant 61", "ps1", "Moodle", "61", "Participant", "", "", "", "", "f", "taken"),
        Line("Participant 72", "ps2", "Moodle", "72", "Participant", "", "", "", "", "f", "no notebook"),
        Line("anonymous Xy7z", "ps2", "Canvas", "Xy7z", "", "", "", "", "", "f", "no notebook"),
        Line("ada", "ps1", "Canvas", "9", "ada", "", "", "", "", "f", "taken"),
    ]
    told = {row[0]: row[4:] for row in term_rows(sets, [], {}, Roster(), lines)[1:]}
    assert told == {
        "Participant 61": [8.0, "", "", "", ""],
        "Participant 72": ["", "", 0.0, "missing", ""],
        "anonymous Xy7z": ["", "", 0.0, "missing", ""],
        "ada": [5.0, "", 0.0, "missing", 25.0],
    }


def test_a_plan_says_when_and_how_much(tmp_path):
    assert read_plan(tmp_path) == {}
    (tmp_path / "term.toml").write_text("[ps1]\ndue = 2025-03-01T23:59:00+01:00\nweight = 2\n[ps2]\n")
    plan = read_plan(tmp_path)
    assert str(plan["ps1"].due_in_utc) == "2025-03-01 22:59:00"
    assert (plan["ps1"].weight, plan["ps2"]) == (2.0, Planned())
    (tmp_path / "term.toml").write_text("\ufeff[ps1]\nweight = 3\n", encoding="utf-8")  # an editor of Windows
    assert read_plan(tmp_path)["ps1"].weight == 3.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[ps1]\ndue = 'soon'", "ps1 is due 'soon'; write day and time"),
        (
            "[ps1]\ndue = 2025-03-01T23:59:00",
            r"ps1 is due 2025-03-01 23:59:00 in no time zone; .*, 2025-03-01T23:59:00\+01:00\.",
        ),
        ("[ps1]\ndue = 9999-12-31T23:59:00-12:00", "ps1 is due in the year 9999; leave `due` out where nobody can be"),
        ("[ps1]\nweight = -1", "ps1 weighs -1; a weight is a number"),
        ("[ps1]\nweight = inf", "ps1 weighs inf; a weight is a number"),
        ("[ps1]\nday = 1", r"ps1 says day. A set has a table \[ps1\]"),
        ("ps1 = 2", "ps1 is no table"),
        ("[ps1", "cannot be read"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path, text, says):
    (tmp_path / "term.toml").write_text(text)
    with pytest.raises(PlanError, match=says):
        read_plan(tmp_path)
