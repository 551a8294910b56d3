"""The fourth room: marks go into nbgrader's gradebook, and a copy of each submission to the person who marks the rest.

Marks come from `mark` alone. What a person has entered is never written over. The copies are built from the released
notebook with the student's sources as text, made inert, since formgrader hands them to a browser.

In reading order: `opened` (a gradebook by its URL, and patience with a server), `gradebook` (a class, some students at
a time), `as_they_come` (each as soon as he or she is marked), `gradebook_rows` (the rows, as nbgrader writes them),
`days` (when work is due), `late` (when it was handed in, and its penalty), `marked_copy` (what formgrader shows),
`migrate` (a set that has changed since it was recorded), `marks` (what the gradebook says now: the one truth behind all
that is told), `forecast` (what it will say, late work included), `regrade` (whose mark would change, and the log of
marks), `one_grader` (at a time, on a set).
"""
