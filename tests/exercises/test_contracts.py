"""What a docstring of a notebook promises in so many words is held by a check: a promise that nobody asks for is none.

Two kinds of promise are told by their words, that what the caller gave stays as it is, and that whole numbers are
returned. The list of them is written out, so that a sentence which comes or goes is seen. Other promises of the first
sets stand in a list of their own, each beside the mistake that breaks it.
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


# The function, words of its docstring, and the known mistake of its part that breaks the promise.
SENTENCES = [
    ("ps1", "forward_slope", "use the h that you are given", "own-step"),
    ("ps1", "central_slope", "use the h that you are given", "own-step"),
    ("ps1", "central_slope", "of floats or of whole numbers", "whole-number-array"),
    ("ps1", "observed_orders", "It may be too large or too small", "log-of-negative-ratio"),
    ("ps1", "observed_orders", "Not rounded", "orders-rounded"),
    ("ps1", "observed_orders", "at steps[k] and at steps[k + 1]", "against-the-first"),
    ("ps1", "best_forward_step", "f(x), of either sign", "root-of-negative-value"),
    ("ps1", "best_forward_step", "f''(x), of either sign", "root-of-negative-second"),
    ("ps1", "best_forward_step", "Its eps is np.finfo(precision).eps", "eps-rounded"),
    ("ps1", "best_central_step", "f'''(x), of either sign", "negative-step"),
    ("ps1", "best_central_step", "Its eps is np.finfo(precision).eps", "float64-always"),
    ("ps1", "complex_slope", "use the h that you are given", "own-step"),
    ("ps1", "complex_slope", "divided by h; a real number", "complex-number"),
    ("ps2", "as_dual", "a plain number is a constant", "constant-has-part-1"),
    ("ps2", "cos", "or of a plain number", "plain-to-dual"),
    ("ps2", "sqrt", "or of a plain number", "plain-to-dual"),
    ("ps2", "derivative", "by one run of f on a dual number", "several-runs"),
    ("ps2", "gradient", "Entry i is the partial derivative with respect to argument i", "one-d-for-all-variables"),
    ("ps2", "taylor_coefficients", "the factor c_k of h^k", "no-factorial"),
    ("ps2", "together", "The larger of their tags", "left-tag"),
    ("ps2", "together", "For any other, the number itself, and 0.0", "older-dual-kept"),
    ("ps3", "fill_trace", "They may be any numbers, and both at once", "inputs-1-1"),
    ("ps3", "count_operations", "copies cost nothing", "copies-counted"),
    ("ps3", "count_written_out", "Lines that the last result does not use do not count", "all-lines-once"),
    ("ps3", "dual_current", "The tangents may be any numbers", "by-a-step"),
    ("ps3", "dual_tide", "The tangents may be any numbers", "by-a-step"),
    ("ps3", "dual_lines", "Lines of Python that assign ``name``", "no-value-line"),
    ("ps3", "dual_lines", "Names or numbers", "number-named"),
    ("ps3", "reverse_loop", "assign ``result``, ``bx`` and ``br``", "carried-forwards"),
    ("ps4", "multiply", "one pull for each of them", "pulls-and-parents"),
    ("ps4", "topological_order", "each of them once", "listed-twice"),
    ("ps4", "topological_order", "after all of its parents. So `result` is the last", "order-upside-down"),
    ("ps4", "summed_to", "array of this shape", "axes-lost"),
    ("ps4", "backward", "of the shape of `node.value`", "not-summed"),
    ("ps4", "sum_of", "an axis, a tuple of axes, or (None) all of them", "axis-not-put-back"),
    ("ps4", "vjp", "An input that f does not use gets zeros", "unused-is-none"),
    ("ps4", "numbers_kept", "the result included", "result-not-counted"),
    ("ps4", "checkpoint", "It is run once here, and once in the sweep", "swept-at-once"),
    ("ps4", "checkpoint", "Its only parent is a", "keeps-all"),
    ("ps4", "hessian_vector", "the Hessian of f at x times v", "v-times-row-sums"),
]


@pytest.mark.parametrize(("id", "function", "words", "mistake"), SENTENCES)
def test_who_breaks_a_promise_of_a_docstring_is_told_by_name(id, function, words, mistake):
    """The docstring still says it, and the part knows the mistake; that it is named, its own case proves."""
    nodes = [
        (cell.grade_id, node)
        for cell in SETS[id].cells
        for node in (ast.parse(cell.source).body if cell.role == "solution" else ())
        if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    [(part, node)] = nodes
    assert words in " ".join((ast.get_docstring(node) or "").split())
    assert any(mistake in check.mistakes for check in runs_of(id).checks.values() if check.part == part)
