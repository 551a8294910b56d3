"""What all rooms stand on: the course as its author wrote it, and the plain data that goes from room to room.

Nothing here imports another room. `answers` is the one file that is used on both sides of the sandbox: it writes
answers as plain data in there, and reads them out here, believing nothing. The author's files, `checks.py` and
`notebook.md`, are trusted; whatever a student may have written comes as text, and `untrusted_text` makes it harmless
where others see it. `syntax` makes trees and tokens of it, in any thread.

In reading order: `check` (what is right, as its author says it) with `exhibits` (a check that asks for them) and
`cell_tests` (tests that are cells of the notebook), `problem_sets` (a folder with checks and a notebook), `release`
(the student's notebook, without solutions), `sampled` and `stored` (what students have of a private set's checks),
`runs` (cells and questions, and what came of them), `answers` (plain data and its form), `untrusted_text`, `whole_file`
(files that are there whole or not at all), `bounded` (work on what students wrote, in a child that may be ended).
"""
