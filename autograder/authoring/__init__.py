"""Beside a submission's way: how an author proves a set's checks, and what a student uses at home.

An author is trusted, and so is a student on a machine of their own: instant checks run in the student's kernel. They
mark by the same files as `mark`, so that what passes at home passes when it is marked; but no mark comes from here.

In reading order: `prove` (every case, right or wrong, must fail exactly where it says), `handout` (what students of a
private set get), `instant_checks` (the checks in a student's notebook, with the hint ladder), `carry` (a student's own
code of an earlier set in a later one).
"""
