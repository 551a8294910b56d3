"""The third room: answers become marks, and words from which a student learns.

All of it is trusted and sees plain data, never student code. An answer is held against the author's reference, and a
wrong one against what known mistakes would answer. The author's functions are run here; where they fail on an answer of
which nobody had thought, that is said, and nobody else's mark is touched.

In reading order: `compare` (an answer beside the expected one), `faults` (what is wrong with one trial), `mistakes`
(where a wrong answer meets a known mistake), `slips` (what can be seen in any wrong answer), `memory` (whether it hangs
on earlier calls), `check_results` (one check: its points and its words), `in_place` (the same of a test that is a
cell), `judging` (all checks of one run, in a child of the grader), `counted_once` (a mistake that explains several
checks) with `work` (whether anything was worked out), `stopped_cells` (which cell stopped first, and what that took
away from later ones), `results` (a submission, a class, and their files), `cache` (what has been marked already).
"""
