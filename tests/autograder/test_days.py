"""What plan and roster say goes before nbgrader's gradebook, and what is taken out of them is taken back."""

import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.ground.untrusted_text import safe_name
from autograder.mark.results import RecordError
from autograder.record.days import Days

START = datetime(2027, 3, 1)
STEPS = st.one_of(
    st.tuples(st.just("plan"), st.none() | st.integers(0, 3)),
    st.tuples(st.just("person"), st.none() | st.integers(11, 13)),  # never what the plan says: nobody could tell
    st.just(("write", None)),
    st.just(("killed before", None)),  # the rows were not made last
    st.just(("killed after", None)),
)


@given(st.lists(STEPS, max_size=12))
def test_what_holds_is_what_is_said_else_what_a_person_set_last_whenever_we_are_killed(steps):
    """The oracle knows neither notes nor rows: what plan and roster say, else what a person wrote in the gradebook."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        (course / "grading").mkdir()
        gradebook = SimpleNamespace(duedate=None)
        ada = SimpleNamespace(student_id="ada", extension=None)
        said = theirs = None
        for step, value in steps:
            if step == "plan":
                said = value
                due = f"due = {START + timedelta(days=said)}Z" if said is not None else ""
                (course / "term.toml").write_text(f"[ps1]\n{due}\n")
                more = f"ps1=+{said}d" if said is not None else ""
                (course / "roster.csv").write_text(f"student,name,email,section,ids,extensions\nada,,,,,{more}\n")
            elif step == "person":
                theirs = value
                gradebook.duedate = START + timedelta(days=value) if value else None
                ada.extension = timedelta(days=value) if value else None
            else:
                there = gradebook.duedate, ada.extension
                with suppress(KeyboardInterrupt), Days(course, "ps1").written(gradebook, [ada]):
                    if step == "killed before":
                        gradebook.duedate, ada.extension = there
                    if step != "write":
                        raise KeyboardInterrupt
            holds = theirs if said is None else said
            days = Days(course, "ps1")
            assert days.due(gradebook.duedate) == (START + timedelta(days=holds) if holds is not None else None)
            assert days.extension("ada", ada.extension) == (timedelta(days=holds) if holds is not None else None)


def test_no_time_more_that_a_person_gave_is_kept_as_such(tmp_path):
    (tmp_path / "term.toml").write_text(f"[ps1]\ndue = {START}Z\n")
    ada, none = SimpleNamespace(student_id="ada", extension=timedelta(0)), timedelta(0)
    for said, holds in (("ps1=+2d", timedelta(days=2)), ("", none)):
        (tmp_path / "roster.csv").write_text(f"student,name,email,section,ids,extensions\nada,,,,,{said}\n")
        with Days(tmp_path, "ps1").written(SimpleNamespace(duedate=None), [ada]):
            assert ada.extension == holds


def test_more_time_is_found_under_the_name_that_the_gradebook_has(tmp_path):
    (tmp_path / "roster.csv").write_text('student,name,email,section,ids,extensions\n"a/b",,,,,ps1=+1h\n')
    assert Days(tmp_path, "ps1").extension(safe_name("a/b"), None) == timedelta(hours=1)


def test_longer_time_waits_in_the_roster_until_there_is_a_day(tmp_path):
    """nbgrader adds an extension to the day, and fails in every command where there is none."""
    (tmp_path / "grading").mkdir()
    (tmp_path / "roster.csv").write_text("student,name,email,section,ids,extensions\nada,,,,,ps1=+2d\n")
    gradebook, ada = SimpleNamespace(duedate=None), SimpleNamespace(student_id="ada", extension=None)
    for plan, day, more in (("", None, None), (f"due = {START}Z", START, timedelta(days=2)), ("", None, None)):
        (tmp_path / "term.toml").write_text(f"[ps1]\n{plan}\n")
        with Days(tmp_path, "ps1").written(gradebook, [ada]):
            assert (gradebook.duedate, ada.extension) == (day, more)


@pytest.mark.parametrize("text", ["", "[]", '{"due": ["soon"], "extensions": {}}', '{"due": [], "extensions": []}'])
def test_a_note_that_cannot_be_read_is_said(tmp_path, text):
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading/days-ps1.json").write_text(text)
    with pytest.raises(RecordError, match=r"days-ps1\.json says which days.*take it away"):
        Days(tmp_path, "ps1")
