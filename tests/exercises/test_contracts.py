"""What a docstring of a notebook promises in so many words is held by a probe: a promise that nobody asks for is none.

Two kinds of promise are told by their words, that what the caller gave stays as it is, and that whole numbers are
returned. The list of them is written out, so that a sentence which comes or goes is seen.
"""

import ast
import re

import pytest
from problem_set_runs import EXERCISES, runs_of

from autograder.ground.problem_sets import available

SETS = available(EXERCISES)
STAYS = re.compile(r"\bstays? as (it is|they are)")
KEPT = r"unchanged\(\s*student\.{}\b|afterwards|have been changed"  # how a probe asks for it
WHOLE = re.compile(r"Returns\n-+\n(\w+ : )?(array|list) of ints")
AN_INDEX = r"integers\("
PROMISES = {
    "stays": {
        "ps1": {"central_slope", "complex_slope"},
        "ps4": {"hessian_vector"},
        "ps5": {"implicit_step", "pull_back", "training_step", "softmax_loss", "suspects"},
        "ps7": {"better_means", "log_sum", "refit", "fit_mixture"},
        "ps9": {"ascent_step", "em_step"},
    },
    "whole": {"ps5": {"suspects"}, "ps8": {"doubtful"}},
}


def promising(id, words):
    """Yield the functions of a set whose docstrings hold such words, with the part in which each stands."""
    for cell in SETS[id].cells:
        for node in ast.parse(cell.source).body if cell.role == "solution" else ():
            if isinstance(node, ast.FunctionDef) and words.search(ast.get_docstring(node) or ""):
                yield cell.grade_id, node.name


def asked_for(id, part, pattern):
    """Whether a probe of the part asks for what the pattern says."""
    return any(re.search(pattern, c.probe_source) for c in runs_of(id).checks.values() if c.part == part)


@pytest.mark.parametrize("id", SETS)
@pytest.mark.parametrize(("kind", "words", "pattern"), [("stays", STAYS, KEPT), ("whole", WHOLE, AN_INDEX)])
def test_each_promise_is_asked_for(id, kind, words, pattern):
    found = dict(reversed(pair) for pair in promising(id, words))
    assert set(found) == PROMISES[kind].get(id, set())
    assert [name for name, part in found.items() if not asked_for(id, part, pattern.format(name))] == []
