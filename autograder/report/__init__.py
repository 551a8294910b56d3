"""The last room: what was found is told to students, to instructors and to other programs; nothing is decided here.

Everything is told from results and from the gradebook. What students wrote is shown as text: pages escape it, and no
cell of a spreadsheet is taken for a formula.

In reading order: `pages` (feedback for a student, the report on a class), `export` (marks for a spreadsheet or a
platform), `term` (all sets in one table), `similar` (pairs that share what is rare), `student_markdown` and
`student_code` (filters for nbgrader's own pages).
"""
