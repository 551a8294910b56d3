"""Beside a submission's way: how an author proves a set's checks, and what a student uses at home.

An author is trusted, and so is a student on a machine of their own: instant checks run in the student's kernel. They
mark by the same files as `mark`, so that what passes at home passes when it is marked; but no mark comes from here.

In reading order: `prove` (every case, right or wrong, must fail exactly where it says), `handout` (what students of a
private set get), `new` (a folder to begin with), `imported` (an assignment of nbgrader as a set), `minutes` (how long a
set takes). At home: `instant_checks` (the checks in a student's notebook, with the hint ladder), with `patience`
(limits of time), `afresh` (whether a function remembers earlier calls) and `given` (a failed trial, given back);
`carry` (a student's own code of an earlier set in a later one).
"""
