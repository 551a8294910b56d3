"""The autograder: it knows nothing of the subject, and another course can use it as it is.

A submission goes one way, through rooms that stand in this order: `read` (a file becomes plain data), `run` (its code
answers the checks' questions in a sandbox), `mark` (answers become marks and words), `record` (marks go into the
gradebook), `report` (pages, exports). Nothing reaches back. All of them stand on `ground`, which says what a check, a
problem set, a cell and an answer are. `authoring` stands beside the way: authors prove their checks there, and students
use it at home.

Above the rooms: `grade` leads a submission and a class through `read`, `run` and `mark`; `cluster` does it on other
machines, `nbgrader_autograde` within nbgrader; `reference` is marked before anybody is. `cli` and `commands` hold the
commands, `terminal` what they print, `doctor` what a machine lacks. `checks` is what authors and notebooks import, and
`drawing` how authors draw inputs. `one_thread` keeps linear algebra on one thread.
"""

import sys

# jsonschema, which nbformat brings, would spend two seconds of every process on a grammar of international web
# addresses. It does without where that cannot be imported, and no notebook has such a field.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
