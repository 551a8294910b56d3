"""What a docstring of a notebook promises in so many words is held by a check: a promise that nobody asks for is none.

Two kinds of promise are told by their words, that what the caller gave stays as it is, and that whole numbers are
returned. The list of them is written out, so that a sentence which comes or goes is seen. Other promises stand in a
list of their own, each beside the mistake that breaks it, and no function that a student writes is without one.
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
        "ps1": {"central_slope", "complex_slope", "observed_orders"},
        "ps4": {"hessian_vector"},
        "ps5": {"implicit_step", "pull_back", "training_step", "softmax_loss", "suspects"},
        "ps7": {"better_means", "log_sum", "refit", "at_rest", "fit_mixture"},
        "ps8": {"fitted", "doubtful", "collapsed", "best_model"},
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


SPOILS = """
def _spoiling(function):
    import copy, functools
    def spoil(given):
        if isinstance(given, np.ndarray) and given.flags.writeable and given.dtype.kind in "fi":
            given += 1
        elif isinstance(given, (list, tuple)):
            for one in given:
                spoil(one)
            if isinstance(given, list):
                given.pop()
    @functools.wraps(function)
    def spoiling(*arguments, **named):
        kept = copy.deepcopy(function(*arguments, **named))
        for given in (*arguments, *named.values()):
            spoil(given)
        return kept
    return spoiling
{0} = _spoiling({0})
"""


@pytest.mark.parametrize(
    ("id", "name"), [(id, name) for id, names in PROMISES["stays"].items() for name in sorted(names)]
)
def test_the_right_answer_that_spoils_what_the_caller_gave_is_caught(id, name):
    """The instructor's own function, and after it its arguments are changed."""
    runs = runs_of(id)
    [part] = [part for part, function in promising(id, STAYS) if function == name]
    names = runs.run({part: runs.set.cell(part).source + SPOILS.format(name)})
    checks = [check for check in runs.checks.values() if check.part == part]
    assert any(not runs.mark_names(check, names, 1).passed for check in checks)


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
    ("ps3", "reverse_loop", "Write a loop in reverse mode", "oldest-first"),
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
    ("ps5", "newton_path", "The start, and the point after each step", "no-start"),
    ("ps5", "newton_path", "How many steps, at least 1", "one-step-less"),
    ("ps5", "newton_step", "The next point", "system-step-alone"),
    ("ps5", "newton_step", "returns the Jacobian, of shape (n, n)", "system-transposed"),
    ("ps5", "gauss_newton_step", "The new parameters", "fit-step-alone"),
    ("ps5", "gauss_newton_step", "m is larger than n", "solve-not-square"),
    ("ps5", "deviations", "One standard deviation a parameter", "variances"),
    ("ps5", "implicit_step", "The caller's array stays as it is", "y-changed"),
    ("ps5", "implicit_step", "How many Newton iterations, at least 1", "one-iteration"),
    ("ps5", "solution_and_slope", "The solution, and its slope", "slope-comes-first"),
    ("ps5", "pull_back", "The slopes of that result in the first point", "last-step-alone"),
    ("ps5", "network", "as a node", "network-off-tape"),
    ("ps5", "loss", "as a node of shape ()", "loss-off-tape"),
    ("ps5", "training_step", "They stay as they are", "weights-changed"),
    ("ps5", "training_step", "The new weights, of the same shapes", "gradients-alone"),
    ("ps5", "softmax_loss", "they may be as far apart as a thousand", "softmax-sum-overflows"),
    ("ps5", "softmax_loss", "One row a beat, one column a kind", "softmax-of-columns"),
    ("ps5", "suspects", "off by more than a thousandth of their size", "tolerance-too-small"),
    ("ps5", "suspects", "The places of the entries", "counted-from-1"),
    ("ps6", "log_density", "symmetric and positive definite, not always diagonal", "variances-alone"),
    ("ps6", "log_density", "It may be a large negative number, and it may be positive", "through-exponential"),
    ("ps6", "log_density", "for each row x", "sum-over-points"),
    ("ps6", "fit_gaussian", "the maximum-likelihood estimates of one Gaussian", "over-n-minus-1"),
    ("ps6", "fit_gaussian", "(mean, covariance) : array of shape (d,), array of shape (d, d)", "row-of-variances"),
    ("ps6", "fit_kinds", "from 0 to K - 1", "kinds-from-1"),
    ("ps6", "fit_kinds", "a mixture whose labels are known", "labels-unused-means"),
    ("ps6", "nearest", "from 0 to K - 1", "labels-from-1"),
    ("ps6", "nearest", "Integers, so that centres[labels] works", "distance-for-label"),
    ("ps6", "move", "A centre may own none", "empty-is-nan"),
    ("ps6", "move", "A centre may own none", "largest-label"),
    ("ps6", "move", "Where the centres are now; not changed", "centres-changed"),
    ("ps6", "inertia", "the squared distances of the points to their nearest centres", "distances-not-squared"),
    ("ps6", "inertia", "In the squared units of the points", "root-of-inertia"),
    ("ps6", "lloyd", "until nothing changes any more", "fifty-rounds"),
    ("ps6", "lloyd", "Where to start", "first-points"),
    ("ps6", "lloyd", "and the nearest of them to each point", "labels-of-start"),
    ("ps7", "better_means", "K may be any number from 2 on", "only-first-two"),
    ("ps7", "better_means", "The caller's array stays as it is", "means-changed"),
    ("ps7", "better_means", "The standard deviation of every component", "sigma-for-squared"),
    ("ps7", "log_sum", "they may be as small as -1e6 or as large as 1e6", "plain-exp"),
    ("ps7", "log_sum", "The caller's array stays as it is", "a-changed"),
    ("ps7", "log_sum", "for each column of a", "sum-over-rows"),
    ("ps7", "log_joint", "symmetric, positive definite, seldom diagonal", "diagonal-only"),
    ("ps7", "log_joint", "One row a component, one column a point", "points-in-rows"),
    ("ps7", "memberships", "each column sums to 1", "normalised-wrong-axis"),
    ("ps7", "memberships", "The sum over the points of the logarithm of their density", "mean-likelihood"),
    ("ps7", "refit", "how much of each point belongs to each component", "hard-counts"),
    ("ps7", "refit", "Return the mixture that fits the points best", "old-means-kept"),
    ("ps7", "at_rest", "True to stop, False to go on", "true-and-false-exchanged"),
    ("ps7", "at_rest", "the latest last; at least one", "one-entry"),
    ("ps7", "fit_mixture", "the mixture at which EM comes to rest", "ten-iterations"),
    ("ps7", "fit_mixture", "Where to begin", "start-comes-back"),
    ("ps7", "lower_bound", "Any numbers from 0 to 1", "zero-times-log"),
    ("ps7", "lower_bound", "not only those of the E step", "likelihood-for-bound"),
    ("ps8", "fitted", "Fitted to the points", "not-fitted"),
    ("ps8", "fitted", "in their own units", "standardised"),
    ("ps8", "fitted", "the shape of the covariances", "always-full"),
    ("ps8", "fitted", "with 10 starts", "one-start"),
    ("ps8", "fitted", "tol 1e-6", "default-tolerance"),
    ("ps8", "fitted", "at most 1000 iterations", "default-max-iter"),
    ("ps8", "fitted", "random_state 0", "no-random-state"),
    ("ps8", "free_parameters", "weights, means and covariances together", "no-weights"),
    ("ps8", "free_parameters", '"full" (a symmetric matrix for each component)', "one-matrix"),
    ("ps8", "free_parameters", '"tied" (one symmetric matrix, shared by all)', "matrix-each"),
    ("ps8", "free_parameters", '"diag" (d variances for each component)', "diag-one-each"),
    ("ps8", "free_parameters", '"spherical" (one variance for each component)', "spherical-d"),
    ("ps8", "bic", "The mean log-likelihood of a point", "mean-log-likelihood"),
    ("ps8", "bic", "The number of free parameters", "log-p"),
    ("ps8", "doubtful", "The row numbers of the doubtful points", "truth-values"),
    ("ps8", "doubtful", "even its most probable kind has a probability below this", "some-kind-below"),
    ("ps8", "doubtful", "has a probability below this", "just-sure-too"),
    ("ps8", "collapsed", "in units of the spreads", "no-spreads"),
    ("ps8", "collapsed", "its standard deviation in some direction is below this", "axes-only"),
    ("ps8", "collapsed", "The numbers of the collapsed components", "truth-for-each"),
    ("ps8", "best_model", "the lowest BIC", "highest-bic"),
    ("ps8", "best_model", "without a collapsed component", "collapsed-allowed"),
    ("ps8", "best_model", "the spread is that of the points", "no-spreads"),
    ("ps9", "log_weights", "Any numbers, also large ones", "exp-overflows"),
    ("ps9", "log_weights", "Node of shape (K,)", "weights-off-tape"),
    ("ps9", "log_densities", "Logarithms of the diagonals of the factors", "diagonals-as-they-are"),
    ("ps9", "log_densities", "Its entries below the diagonal are those of the factors", "no-corners"),
    ("ps9", "log_densities", "the others are ignored", "all-corners"),
    ("ps9", "log_densities", "Node of shape (K, n)", "densities-off-tape"),
    ("ps9", "log_likelihood", "summed over the points", "mean-likelihood"),
    ("ps9", "log_likelihood", "Node of shape ()", "likelihood-off-tape"),
    ("ps9", "ascent_step", "They stay as they are", "arrays-changed"),
    ("ps9", "ascent_step", "the gradient of the mean log-likelihood", "gradient-of-sum"),
    ("ps9", "em_step", "one iteration of EM", "hard-assignment"),
    ("ps9", "em_step", "Some may lie far out", "em-underflow"),
    ("ps9", "em_step", "logits up to a constant", "weights-for-logits"),
    ("ps9", "race", "The mean log-likelihood of a point", "sums-for-means"),
    ("ps9", "race", "Where both begin", "after-the-gradient"),
    ("ps9", "race", "Entry 0 is that of the start", "no-start-height"),
]
# What a tape gives besides, as it comes into a later set: its own set holds it.
ON_THE_TAPE = {"vjp", "backward"}


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


@pytest.mark.parametrize("id", SETS)
def test_every_function_that_says_what_it_returns_has_a_promise_in_the_list(id):
    promised = {function for set, function, *_ in SENTENCES if set == id}
    written = [name for _, name in promising(id, re.compile("Returns\n-+\n"))]
    assert [name for name in written if name not in promised and name not in ON_THE_TAPE] == []
