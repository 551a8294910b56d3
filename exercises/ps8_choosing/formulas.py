"""How problem set 8 counts, measures and judges fitted mixtures: right, and as the known mistakes do it."""

import warnings
from functools import lru_cache
from threading import Lock

import numpy as np

from course_lib.mixture import DegenerateWarning, GaussianMixture

# --- A fit ----------------------------------------------------------------------------------------------------------


ASKED = {"n_init": 10, "tol": 1e-6, "max_iter": 1000, "random_state": 0, "fitted": True}
DEFAULTS = {"n_init": 1, "tol": 1e-3, "max_iter": 100, "random_state": None, "fitted": True}


SHAPES_FOUND = ("shape of weights_", "shape of means_", "shape of covariances_")


def settings(points, kinds, shape):
    """What a fit with the settings that are asked for reports: these, and the shapes of what it has found."""
    d = points.shape[1]
    covariances = {"full": [kinds, d, d], "tied": [d, d], "diag": [kinds, d], "spherical": [kinds]}[shape]
    shapes = dict(zip(SHAPES_FOUND, ([kinds], [kinds, d], covariances), strict=True))
    itself = {"a GaussianMixture of scikit-learn": True}
    return itself | {"n_components": kinds, "covariance_type": shape} | ASKED | shapes


def but(covariance_type=None, **other):
    """Make of other settings what a fit with them reports."""
    return lambda points, kinds, shape: settings(points, kinds, covariance_type or shape) | other


def without_a_fit(**given):
    return settings(**given) | {"fitted": False} | {name: [] for name in SHAPES_FOUND}


def best_fit(points, kinds, shape, of=lambda points: points):
    """Return the weights, means and covariances of the highest likelihood, components in the order of their means."""
    mixture = GaussianMixture(kinds, covariance_type=shape, n_init=5, tol=1e-9, max_iter=1000, reg_covar=1e-6)
    mixture.set_params(random_state=0).fit(of(points))
    order = np.argsort(mixture.means_[:, 0])
    covariances = mixture.covariances_ if shape == "tied" else mixture.covariances_[order]
    return {"weights": mixture.weights_[order], "means": mixture.means_[order], "covariances": covariances}


# --- Counting -------------------------------------------------------------------------------------------------------


def no_mixture(answer, best, shape):
    """Say what keeps an answer from being a mixture as the best one is, or return "": before it is computed with.

    Of components as thin as no fit to these points is, a likelihood as high as one likes can be had.
    """
    for name in best:
        expected = best[name].shape
        found = np.shape(answer[name])
        if found != expected:
            return f"expected {name} of shape {expected}; yours have the shape {found}."
        if not np.isfinite(np.asarray(answer[name], dtype=float)).all():
            return f"expected {name} that are finite numbers."
    weights, covariances = np.asarray(answer["weights"], float), np.asarray(answer["covariances"], float)
    if weights.min() < 0 or abs(weights.sum() - 1) > 1e-6:
        return f"expected weights that sum to 1; yours sum to {weights.sum():.6g}."
    turned = np.swapaxes(covariances, -1, -2) if shape in ("full", "tied") else covariances
    if np.abs(covariances - turned).max() > 1e-6 * np.abs(covariances).max():
        return "expected symmetric covariances."
    if variances(covariances, shape) < variances(best["covariances"], shape) / 20:
        return "expected covariances as wide as the clusters: yours are thinner, in some direction, than any of them."
    return ""


def variances(covariances, shape):
    """The smallest variance of a mixture, in any direction."""
    return np.linalg.eigvalsh(covariances).min() if shape in ("full", "tied") else covariances.min()


def total(kinds, d, covariances, weights=None, means=None):
    return (kinds - 1 if weights is None else weights) + (kinds * d if means is None else means) + covariances


def beside_the_diagonal(d):
    return d * (d - 1) // 2


def symmetric(d):
    return d * (d + 1) // 2


WEIGHTS, MEANS, ONE_MEAN_FEWER, SQUARE, CORNERS = (
    "the weights sum to 1: one of them follows from the others and is not free",
    "the means are free too: d numbers for each component",
    "the means are those of all components but one: they do not sum to 1 as the weights do, and none follows",
    "a covariance matrix is symmetric: the entries below its diagonal follow from those above",
    "d(d-1)/2 numbers stand above the diagonal of a matrix: the d on the diagonal, the variances, are free, too",
)


def right_full(kinds, d):
    return total(kinds, d, kinds * symmetric(d))


def right_tied(kinds, d):
    return total(kinds, d, symmetric(d))


def of_variances(diag, spherical, **others):
    """Make of two counts of variances the answer of the probe below."""
    return lambda kinds, d: {
        name: total(kinds, d, count(kinds, d), **{group: number(kinds, d) for group, number in others.items()})
        for name, count in (("diag", diag), ("spherical", spherical))
    }


def each_axis(kinds, d):
    return kinds * d


def each_component(kinds, d):
    return kinds


# --- The price of a parameter ---------------------------------------------------------------------------------------


def right_bic(score, p, n):
    return -2 * n * score + p * np.log(n)


# --- Doubt ----------------------------------------------------------------------------------------------------------


def doubtful_rows(probabilities, sure):
    return np.flatnonzero(probabilities.max(axis=1) < sure)


# --- Collapse -------------------------------------------------------------------------------------------------------


def thinnest(matrix):
    """The standard deviation in the thinnest direction."""
    return np.linalg.norm(np.linalg.inv(matrix), 2) ** -0.5


def below(measure, limit):
    """Make of a measure of one matrix in units of the spreads the answer to which components have collapsed."""

    def answer(covariances, spread, thin):
        scaled = [covariance / np.outer(spread, spread) for covariance in covariances]
        return [number for number, matrix in enumerate(scaled) if measure(matrix) < limit(thin)]

    return answer


def itself(thin):
    return thin


def squared(thin):
    return thin**2


right_collapsed = below(thinnest, itself)


# --- The judge ------------------------------------------------------------------------------------------------------


def matrices(mixture):
    kinds, d = mixture.means_.shape
    covariances = mixture.covariances_
    return {
        "spherical": lambda: np.array([variance * np.eye(d) for variance in covariances]),
        "full": lambda: covariances,
        "tied": lambda: np.array([covariances] * kinds),
        "diag": lambda: np.array([np.diag(variances) for variances in covariances]),
    }[mixture.covariance_type]()


FITTING = Lock()  # filters of warnings belong to the process, and submissions are marked side by side


@lru_cache(maxsize=4096)
def fit_of(data, shape, choice):
    """Fit one choice as part 1 asks for: its mean log-likelihood, and its covariance matrices."""
    points = np.frombuffer(data).reshape(shape)
    kinds, covariance_type = choice
    mixture = GaussianMixture(
        kinds, covariance_type=covariance_type, n_init=4, init_params="kmeans", tol=1e-6, max_iter=1000, reg_covar=1e-6
    )
    with FITTING, warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateWarning)  # a collapse is what is looked for
        mixture.set_params(random_state=0).fit(points)
    return mixture.score(points), matrices(mixture)


def standard_deviations(points):
    return points.std(axis=0)


def free(kinds, d, shape):
    """How many numbers a mixture may adjust."""
    each = {"full": kinds * symmetric(d), "tied": symmetric(d), "diag": kinds * d, "spherical": kinds}
    return total(kinds, d, each[shape])


def value_of(points, score, choice, d):
    """The BIC of a fitted choice."""
    kinds, shape = choice
    return right_bic(score, free(kinds, d, shape), len(points))


def some(found, kinds):
    return len(found) > 0


def all_of_them(found, kinds):
    return len(found) == kinds


def judged(points, choices, thin, value=value_of, spread=standard_deviations, d=None, bad=some):
    """Return each choice with its value, and whether a component has collapsed."""
    rows = []
    for choice in map(tuple, choices):
        score, covariances = fit_of(points.tobytes(), points.shape, choice)
        found = right_collapsed(covariances, spread(points), thin)
        rows.append((choice, value(points, score, choice, d or points.shape[1]), bad(found, choice[0])))
    return rows


def pick(points, choices, thin, collapsed_too=False, **otherwise):
    """Return the choice of the lowest value, among those that have not collapsed or among all; None of none."""
    rows = judged(points, choices, thin, **otherwise)
    among = [(choice, value) for choice, value, bad in rows if collapsed_too or not bad]
    return min(among, key=lambda pair: pair[1])[0] if among else None


def lowest_bic(**given):
    return pick(**given)


def sound_ones(**given):
    """The choices without a collapsed component, in their order."""
    return [choice for choice, _, bad in judged(**given) if not bad]


def margin(**given):
    """How far the right choice is ahead of the next sound one."""
    best, second, *_ = sorted(value for _, value, bad in judged(**given) if not bad)
    return second - best
