"""The first room: files that anyone may have written become plain data, and nothing in them is run.

Believed is the instructor's notebook alone. Of a submission, sources of cells are taken and nothing else: under the id
of a test or a given cell the instructor's source stands, whatever was handed in there, so a forged cell changes
nothing. Sizes are bounded before anything is parsed, and links are not followed.

In reading order: `collect` (a ZIP of a learning platform, laid out as submissions), `class_folder` (who handed in
what), `submission` (a notebook, read or refused in words for the student).
"""
