"""The first room: files that anyone may have written become plain data, and nothing in them is run.

Believed is the instructor's notebook alone. Of a submission, sources of cells are taken and nothing else: under the id
of a test or a given cell the instructor's source stands, whatever was handed in there, so a forged cell changes
nothing. Sizes are bounded before anything is parsed, and links are not followed.

In reading order: `roster` and `plan` (who is in the term, and what is due when), `platforms` (what a name in a
platform's download says), `collect` (the download laid out as submissions) with `download`, `candidates` (what one file
holds) and `collected` (the manifest: nobody is lost), `class_folder` (who handed in what), `submission` (a notebook,
read or refused in words for the student) with `decoding` (its file as text), `lost_cells` (which have lost their ids),
`ipython_syntax` (magics as plain Python) and `notices` (what is to be said of it).
"""
