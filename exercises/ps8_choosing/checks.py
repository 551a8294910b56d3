"""What is right in problem set 8: a fit that is asked for in full, the price of its parameters, and a judge of winners.

The notebooks use scikit-learn; the right answers come from this course's own mixtures, from counting, and from data
that were built so that the answer is known.
"""

import warnings
from functools import lru_cache
from threading import Lock

import numpy as np

from autograder.checks import check
from course_lib.mixture import DegenerateWarning, GaussianMixture, log_gaussian

IMPORTS = ("numpy", "matplotlib", "scikit-learn", "course_lib.datasets")
SECONDS = 120.0
SHAPES = ("full", "tied", "diag", "spherical")


# --- A fit ----------------------------------------------------------------------------------------------------------

ASKED = {"n_init": 10, "tol": 1e-6, "max_iter": 1000, "random_state": 0, "fitted": True}
DEFAULTS = {"n_init": 1, "tol": 1e-3, "max_iter": 100, "random_state": None, "fitted": True}


def rotation(rng, d):
    """Draw an orthogonal matrix."""
    return np.linalg.qr(rng.normal(size=(d, d)))[0]


def some_clusters(rng):
    """Draw points of two or three clusters that lie so far apart that every start of EM ends in the same place."""
    kinds, d = int(rng.integers(2, 4)), int(rng.integers(1, 4))
    centres = rng.permutation(kinds)[:, None] * 12 + rng.uniform(-2, 2, (kinds, d))
    counts = rng.permutation([30, 41, 57])[:kinds]
    scales = rng.uniform(0.5, 1.5, (kinds, d))
    points = [
        centre + (rng.normal(size=(count, d)) * scale) @ rotation(rng, d)
        for centre, count, scale in zip(centres, counts, scales, strict=True)
    ]
    return {
        "points": np.round(rng.permutation(np.concatenate(points)), 3),
        "kinds": kinds,
        "shape": str(rng.choice(SHAPES)),
    }


def settings(points, kinds, shape):
    return {"n_components": kinds, "covariance_type": shape} | ASKED


def but(**other):
    """Make of other settings what a fit with them reports."""
    return lambda **given: settings(**given) | other


@check("fit-settings", part="fit", points=1)
class FitSettings:
    """`fitted(points, kinds, shape)` returns a fitted `GaussianMixture` with the settings that were asked for."""

    trials = 3

    def inputs(rng):  # "full" is the default: it would not tell whether it was asked for
        return some_clusters(rng) | {"shape": str(rng.choice(SHAPES[1:]))}

    def probe(student, points, kinds, shape):
        mixture = student.fitted(points, kinds, shape)
        names = ("n_components", "covariance_type", "n_init", "tol", "max_iter", "random_state")
        return {name: getattr(mixture, name) for name in names} | {"fitted": hasattr(mixture, "means_")}

    expected = settings
    seconds = 20.0
    mistakes = {
        "not fitted: a `GaussianMixture` has seen no points before its method `fit` is called": but(fitted=False),
        "one start: `n_init` is left at its default, 1": but(n_init=1),
        "the covariances are always full: `covariance_type` is left at its default": but(covariance_type="full"),
        "the tolerance is left at its default, 0.001": but(tol=1e-3),
        "`max_iter` is left at its default, 100": but(max_iter=100),
        "`random_state` is left out: tomorrow's answer may be another": but(random_state=None),
        "nothing is asked for but the number of components": but(covariance_type="full", **DEFAULTS),
        "what is returned is not the mixture: return the object itself, after `fit`": lambda **given: AttributeError,
    }
    hint = (
        "GaussianMixture(n_components, covariance_type=..., n_init=..., tol=..., max_iter=..., random_state=...) makes "
        "the object; its method fit(points) fits it, and returns the object itself."
    )


def best_fit(points, kinds, shape, of=lambda points: points):
    """Return the weights, means and covariances of the highest likelihood, components in the order of their means."""
    mixture = GaussianMixture(kinds, covariance_type=shape, n_init=5, tol=1e-9, max_iter=1000, reg_covar=1e-6)
    mixture.set_params(random_state=0).fit(of(points))
    order = np.argsort(mixture.means_[:, 0])
    covariances = mixture.covariances_ if shape == "tied" else mixture.covariances_[order]
    return {"weights": mixture.weights_[order], "means": mixture.means_[order], "covariances": covariances}


def mean_log_likelihood(points, shape, weights, means, covariances):
    log_joint = np.log(weights) + log_gaussian(points, means, covariances, shape)
    top = log_joint.max(axis=1)
    return float(np.mean(top + np.log(np.exp(log_joint - top[:, None]).sum(axis=1))))


@check("fit-likelihood", part="fit", points=2)
class FitLikelihood:
    """The mixture that `fitted` returns makes the points as likely as a mixture of its kind can.

    (The likelihood is computed from its weights, means and covariances. Components may come in any order.)
    """

    trials = 4
    inputs = some_clusters

    def probe(student, points, kinds, shape):
        mixture = student.fitted(points, kinds, shape)
        order = np.argsort(mixture.means_[:, 0])
        covariances = mixture.covariances_ if shape == "tied" else mixture.covariances_[order]
        return {"weights": mixture.weights_[order], "means": mixture.means_[order], "covariances": covariances}

    expected = best_fit
    seconds = 20.0

    def accepts(answer, points, kinds, shape):
        best = mean_log_likelihood(points, shape, **best_fit(points, kinds, shape))
        found = mean_log_likelihood(points, shape, **answer)
        # tol = 1e-6 stops within about 1e-5 of the top; a wrong fit is off by more than 0.01.
        if not found > best - 1e-3:
            return f"the mean log-likelihood of the points is {found:.4f}; a mixture of this kind reaches {best:.4f}."
        return ""

    rtol, atol = 1e-2, 1e-2  # by which a known mistake is recognised
    mistakes = {
        "fitted to standardised points: the answer is asked for in the points' own units": lambda **given: best_fit(
            **given, of=lambda points: (points - points.mean(axis=0)) / points.std(axis=0)
        ),
        "fitted to centred points: the means are asked for where the points are": lambda **given: best_fit(
            **given, of=lambda points: points - points.mean(axis=0)
        ),
        "what is returned is not a fitted mixture: call `fit`, then return the object itself": (
            lambda **given: AttributeError
        ),
    }
    hint = "Give `fit` the points as they are, all of them, and let it climb until it stands still."


# --- Counting -------------------------------------------------------------------------------------------------------


def total(kinds, d, covariances, weights=None, means=None):
    return (kinds - 1 if weights is None else weights) + (kinds * d if means is None else means) + covariances


def symmetric(d):
    return d * (d + 1) // 2


WEIGHTS, MEANS, SQUARE = (
    "the weights sum to 1: one of them follows from the others and is not free",
    "the means are free too: d numbers for each component",
    "a covariance matrix is symmetric: the entries below its diagonal follow from those above",
)
NO_WEIGHTS = "the weights are missing: all of them but one are free"


def counted(rng, answers):
    """Draw two numbers, from which the right answer and all wrong ones come out different."""
    while True:
        kinds, d = (int(n) for n in rng.choice(np.arange(2, 9), 2, replace=False))
        if len({str(answer(kinds=kinds, d=d)) for answer in answers}) == len(answers):
            return {"kinds": kinds, "d": d}


COUNT_HINT = (
    "Three groups: the weights, which sum to 1; the means; the covariances. A symmetric matrix of d rows has d numbers "
    "on its diagonal and d(d-1)/2 above it. How many such matrices are there?"
)


def right_full(kinds, d):
    return total(kinds, d, kinds * symmetric(d))


FULL_MISTAKES = {
    WEIGHTS: lambda kinds, d: total(kinds, d, kinds * symmetric(d), weights=kinds),
    NO_WEIGHTS: lambda kinds, d: total(kinds, d, kinds * symmetric(d), weights=0),
    MEANS: lambda kinds, d: total(kinds, d, kinds * symmetric(d), means=0),
    SQUARE: lambda kinds, d: total(kinds, d, kinds * d * d),
    "one matrix is counted, where each component has its own": lambda kinds, d: total(kinds, d, symmetric(d)),
    "the diagonal alone is counted: a full matrix has covariances too": lambda kinds, d: total(kinds, d, kinds * d),
}


@check("count-full", part="count", points=1)
class CountFull:
    """`free_parameters(kinds, d, "full")` counts what a mixture with a matrix for each component may adjust."""

    def inputs(rng):
        return counted(rng, [right_full, *FULL_MISTAKES.values()])

    def probe(student, kinds, d):
        return student.free_parameters(kinds, d, "full")

    expected = right_full
    mistakes = FULL_MISTAKES
    hint = COUNT_HINT


def right_tied(kinds, d):
    return total(kinds, d, symmetric(d))


TIED_MISTAKES = {
    WEIGHTS: lambda kinds, d: total(kinds, d, symmetric(d), weights=kinds),
    NO_WEIGHTS: lambda kinds, d: total(kinds, d, symmetric(d), weights=0),
    MEANS: lambda kinds, d: total(kinds, d, symmetric(d), means=0),
    SQUARE: lambda kinds, d: total(kinds, d, d * d),
    "a matrix for each component is counted, where all share one": right_full,
    "the means are counted once: shared is the matrix, not the means": lambda kinds, d: total(
        kinds, d, symmetric(d), means=d
    ),
}


@check("count-tied", part="count", points=1)
class CountTied:
    """`free_parameters(kinds, d, "tied")` counts what a mixture may adjust whose components share one matrix."""

    def inputs(rng):
        return counted(rng, [right_tied, *TIED_MISTAKES.values()])

    def probe(student, kinds, d):
        return student.free_parameters(kinds, d, "tied")

    expected = right_tied
    mistakes = TIED_MISTAKES
    hint = COUNT_HINT


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


VARIANCES_MISTAKES = {
    WEIGHTS: of_variances(each_axis, each_component, weights=lambda kinds, d: kinds),
    NO_WEIGHTS: of_variances(each_axis, each_component, weights=lambda kinds, d: 0),
    MEANS: of_variances(each_axis, each_component, means=lambda kinds, d: 0),
    "spherical has one variance for each component, not d: it is the same in all directions": of_variances(
        each_axis, each_axis
    ),
    "spherical has one variance for each component, not one for all": of_variances(each_axis, lambda kinds, d: 1),
    "diag has d variances for each component, not one": of_variances(each_component, each_component),
    "diag has d variances for each component, not d for all": of_variances(lambda kinds, d: d, each_component),
    "the zeros of a diagonal matrix are counted: they are not free": of_variances(
        lambda kinds, d: kinds * symmetric(d), each_component
    ),
}


@check("count-variances", part="count", points=1)
class CountVariances:
    """`free_parameters` counts what a mixture with the covariances "diag" or "spherical" may adjust."""

    def inputs(rng):
        return counted(rng, [of_variances(each_axis, each_component), *VARIANCES_MISTAKES.values()])

    def probe(student, kinds, d):
        return {shape: student.free_parameters(kinds, d, shape) for shape in ("diag", "spherical")}

    expected = of_variances(each_axis, each_component)
    mistakes = VARIANCES_MISTAKES
    hint = (
        'Of a "diag" matrix only the d variances on the diagonal are free. "spherical" has one variance for each '
        "component, the same in every direction. Weights and means are counted as before."
    )


# --- The price of a parameter ---------------------------------------------------------------------------------------


def right_bic(score, p, n):
    return -2 * n * score + p * np.log(n)


@check("bic-value", part="bic", points=2)
class BicValue:
    """`bic(score, p, n)` is -2 log L + p log n, where log L is the log-likelihood of all n points."""

    trials = 8

    def inputs(rng):
        score = float(np.round(rng.uniform(0.7, 6.0) * rng.choice([-1, 1], p=[0.7, 0.3]), 3))
        return {"score": score, "p": int(rng.integers(3, 40)), "n": int(rng.integers(50, 900))}

    def probe(student, score, p, n):
        return student.bic(score, p, n)

    expected = right_bic
    rtol = 1e-10  # two terms that may cancel a hundredfold
    mistakes = {
        "the mean log-likelihood in place of that of all points: multiply score by n": lambda score, p, n: (
            -2 * score + p * np.log(n)
        ),
        "the sign: here the lower is the better, so log L comes with a minus": lambda score, p, n: (
            -right_bic(score, p, n)
        ),
        "the price lowers the BIC: it must be added to -2 log L": lambda score, p, n: -2 * n * score - p * np.log(n),
        "log L counts twice in the BIC": lambda score, p, n: -n * score + p * np.log(n),
        "AIC, which charges 2 for each parameter: BIC charges log n": lambda score, p, n: -2 * n * score + 2 * p,
        "the price is n for each parameter, not log n": lambda score, p, n: -2 * n * score + p * n,
        "log p in place of p: it is the number of points whose logarithm is taken": lambda score, p, n: (
            -2 * n * score + n * np.log(p)
        ),
        "a logarithm to base 10: log means the natural one, np.log": lambda score, p, n: (
            -2 * n * score + p * np.log10(n)
        ),
        "a logarithm to base 2: log means the natural one, np.log": lambda score, p, n: -2 * n * score + p * np.log2(n),
    }
    hint = (
        "The log-likelihood of all points is the sum over the points; scikit-learn's score is their mean. BIC adds the "
        "price p log n to minus twice that sum."
    )


# --- Doubt ----------------------------------------------------------------------------------------------------------


def doubtful_rows(probabilities, sure):
    return np.flatnonzero(probabilities.max(axis=1) < sure)


DOUBT_MISTAKES = {
    "the sure points: asked are those below": lambda probabilities, sure: np.flatnonzero(
        probabilities.max(axis=1) >= sure
    ),
    "the largest of each column: a point is a row, so take the maximum along axis 1": lambda probabilities, sure: (
        np.flatnonzero(probabilities.max(axis=0) < sure)
    ),
    "every point has some kind below `sure`: it is the most probable one that counts": lambda probabilities, sure: (
        np.arange(len(probabilities))
    ),
    "the probability of kind 0: each point has a most probable kind of its own": lambda probabilities, sure: (
        np.flatnonzero(probabilities[:, 0] < sure)
    ),
    "a truth value for each point: asked are the row numbers, np.flatnonzero of it": lambda probabilities, sure: (
        probabilities.max(axis=1) < sure
    ),
    "np.where returns a tuple: its first entry holds the row numbers": lambda probabilities, sure: doubtful_rows(
        probabilities, sure
    )[None, :],
    "the probabilities of the doubtful points: asked are their row numbers": lambda probabilities, sure: (
        probabilities.max(axis=1)[doubtful_rows(probabilities, sure)]
    ),
    "how many they are: asked is which": lambda probabilities, sure: len(doubtful_rows(probabilities, sure)),
}


@check("doubtful-points", part="doubt", points=2)
class DoubtfulPoints:
    """`doubtful(probabilities, sure)` returns the rows whose largest probability is below `sure`."""

    def inputs(rng):
        while True:
            kinds, n = int(rng.integers(3, 5)), int(rng.integers(7, 11))
            sure = float(np.round(rng.uniform(0.6, 0.9), 2))
            probabilities = rng.dirichlet(np.full(kinds, 0.4), n)
            given = {"probabilities": np.round(probabilities, 12), "sure": sure}
            answers = [doubtful_rows(**given), *(mistake(**given) for mistake in DOUBT_MISTAKES.values())]
            clear = np.min(np.abs(probabilities - sure)) > 1e-3
            if clear and len(answers[0]) > 1 and len({str(answer) for answer in answers}) == len(answers):
                return given

    def probe(student, probabilities, sure):
        return np.asarray(student.doubtful(probabilities, sure))  # a list of row numbers is as good as an array

    expected = doubtful_rows
    mistakes = DOUBT_MISTAKES
    hint = (
        "Take the largest probability of each row. Compare it with `sure`: that gives one truth value for each point. "
        "np.flatnonzero turns truth values into row numbers."
    )


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

DIRECTION_MISTAKES = {
    "the diagonal shows the axes only: a component may be thin in a slanted direction": below(
        lambda m: np.sqrt(np.diag(m).min()), itself
    ),
    "an eigenvalue is a variance: its root is the standard deviation that `thin` limits": below(
        lambda m: thinnest(m) ** 2, itself
    ),
    "the largest eigenvalue: a component is thin if it is so in one direction": below(
        lambda m: np.linalg.eigvalsh(m)[-1], squared
    ),
    "the determinant: a small round component has a small one too, and has not collapsed": below(
        np.linalg.det, squared
    ),
    "compared with its own length: a long component need not be thin": below(
        lambda m: np.linalg.cond(m) ** -0.5, itself
    ),
    "a truth value for each component: asked are the numbers of the collapsed ones": lambda **given: [
        number in right_collapsed(**given) for number in range(len(given["covariances"]))
    ],
    "the components that have not collapsed: asked are the others": lambda **given: [
        number for number in range(len(given["covariances"])) if number not in right_collapsed(**given)
    ],
}


def some_components(rng, spread):
    """Draw components of every sort: two collapsed ones, and three that a wrong measure takes for collapsed."""
    d = len(spread)
    thin = float(np.round(rng.uniform(0.01, 0.04), 3))
    little = thin * rng.uniform(0.2, 0.6)
    others = rng.uniform(0.5, 1.2, d - 1)

    def slanted(*deviations):
        axes = rotation(rng, d)
        return (axes * np.square(deviations)) @ axes.T

    made = [
        np.diag(np.square([*others, little])),  # thin along an axis
        slanted(little, *others[::-1]),
        slanted(*(thin * rng.uniform(2.5, 4.0, d))),  # small and round
        slanted(thin * rng.uniform(1.5, 2.0), *rng.uniform(3.0, 4.0, d - 1)),  # long
        slanted(*rng.uniform(0.3, 1.0, d)),
    ]
    covariances = np.array(made)[rng.permutation(len(made))] * np.outer(spread, spread)
    return {"covariances": (covariances + np.swapaxes(covariances, 1, 2)) / 2, "spread": spread, "thin": thin}


def told_apart(rng, draw, mistakes):
    """Draw until no two answers agree, the right one and the wrong ones."""
    while True:
        given = draw(rng)
        answers = [right_collapsed(**given), *(mistake(**given) for mistake in mistakes.values())]
        if len({str(answer) for answer in answers}) == len(answers):
            return given


def collapsed_by_the_student(student, covariances, spread, thin):
    return list(student.collapsed(covariances, spread, thin))


COLLAPSE_HINT = (
    "The eigenvalues of a covariance matrix are its variances along its own axes; np.linalg.eigvalsh gives them "
    "rising. The standard deviation in the thinnest direction is the root of the smallest one."
)


@check("collapsed-directions", part="collapse", points=2)
class CollapsedDirections:
    """`collapsed` finds the components that are too thin in some direction, whichever it is. (All spreads are 1.)"""

    trials = 8

    def inputs(rng):
        return told_apart(rng, lambda rng: some_components(rng, np.ones(int(rng.integers(2, 4)))), DIRECTION_MISTAKES)

    probe = collapsed_by_the_student
    expected = right_collapsed
    mistakes = DIRECTION_MISTAKES
    hint = COLLAPSE_HINT


UNITS_MISTAKES = {
    "the spreads are not used: 0.01 of a minute is not 0.01 of an hour": lambda covariances, spread, thin: (
        right_collapsed(covariances, np.ones_like(spread), thin)
    ),
    "divided by one spread: entry (i, j) has two units, so divide it by s_i s_j": lambda covariances, spread, thin: [
        number for number, c in enumerate(covariances) if np.linalg.eigvalsh(c / spread)[0] < thin**2
    ],
    "divided by the squared spread of the column alone: entry (i, j) needs s_i s_j": lambda covariances, spread, thin: [
        number for number, c in enumerate(covariances) if np.linalg.eigvalsh(c / spread**2)[0] < thin**2
    ],
    "multiplied by the spreads: to express a number in a unit, divide by it": lambda covariances, spread, thin: (
        right_collapsed(covariances, 1 / spread, thin)
    ),
    "the diagonal shows the axes only: a component may be thin in a slanted direction": DIRECTION_MISTAKES[
        "the diagonal shows the axes only: a component may be thin in a slanted direction"
    ],
}


@check("collapsed-units", part="collapse", points=1)
class CollapsedUnits:
    """`collapsed` measures in units of the spreads, so that its answer is the same in minutes and in hours."""

    trials = 8

    def inputs(rng):
        def draw(rng):
            spread = 10.0 ** rng.uniform(-1.5, 1.5, int(rng.integers(2, 4)))
            return some_components(rng, np.array([float(f"{s:.3g}") for s in spread]))

        return told_apart(rng, draw, UNITS_MISTAKES)

    probe = collapsed_by_the_student
    expected = right_collapsed
    mistakes = UNITS_MISTAKES
    hint = (
        "In units of the spreads, the point (x_1, x_2) is (x_1/s_1, x_2/s_2). The covariance of its coordinates i and "
        "j is then the old one divided by s_i s_j; np.outer(spread, spread) holds these products."
    )


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


@lru_cache(maxsize=64)
def judged(data, shape, choices, thin):
    """Fit every choice: its BIC, its mean log-likelihood, and whether a component has collapsed."""
    points = np.frombuffer(data).reshape(shape)
    found = []
    for kinds, covariance_type in choices:
        mixture = GaussianMixture(
            kinds, covariance_type=covariance_type, n_init=3, tol=1e-5, max_iter=1000, random_state=0, reg_covar=1e-6
        )
        with FITTING, warnings.catch_warnings():
            warnings.simplefilter("ignore", DegenerateWarning)  # a collapse is what is looked for
            mixture.fit(points)
        bad = right_collapsed(matrices(mixture), points.std(axis=0), thin)
        found.append((mixture.bic(points), mixture.score(points), bool(bad)))
    return found


def pick(points, choices, thin, value, collapsed_too=False):
    """Return the choice with the lowest value(bic, score), among those that have not collapsed or among all."""
    rows = judged(points.tobytes(), points.shape, tuple(map(tuple, choices)), thin)
    among = [i for i, (_, _, bad) in enumerate(rows) if collapsed_too or not bad]
    return tuple(choices[min(among, key=lambda i: value(*rows[i][:2]))])


def lowest_bic(**given):
    return pick(**given, value=lambda bic, score: bic)


JUDGE_MISTAKES = {
    "the lowest BIC of all: a collapsed model has no say": lambda **given: pick(
        **given, value=lambda bic, score: bic, collapsed_too=True
    ),
    "the highest BIC: the lower, the better": lambda **given: pick(**given, value=lambda bic, score: -bic),
    "the highest likelihood: that prefers whatever has more to adjust": lambda **given: pick(
        **given, value=lambda bic, score: -score
    ),
    "the first choice that has not collapsed: go through all of them": lambda **given: pick(
        **given, value=lambda bic, score: 0
    ),
}


def some_clouds(rng, kinds):
    """Draw round clouds for which `kinds` spherical components are right; in one of them one number follows the other.

    That one has no thickness, which full matrices find, and diagonal ones do not. The first column lies far from 0, so
    that one spread over all numbers is not that of either column.
    """
    places, counts = ((4, -9), (0, 0), (9, 2), (-2, 10))[:kinds], (9, 40, 31, 27)
    sizes = rng.permutation([0.6, 1.0, 1.4, 1.8])
    clouds = [s * rng.normal(size=(n, 2)) + at for s, n, at in zip(sizes, counts, places, strict=False)]
    clouds[0][:, 1] = clouds[0][:, 0] - 13.0
    return np.round(rng.permutation(np.concatenate(clouds)) * rng.uniform(0.5, 3.0) + [2000.0, 0.0], 3)


@check("best-model", part="judge", points=2, needs=["fit", "count", "bic", "collapse"])
class BestModel:
    """`best_model` returns the choice with the lowest BIC among those without a collapsed component."""

    trials = 2
    seconds = 30.0

    def inputs(rng):
        while True:
            kinds, shape = int(rng.integers(3, 5)), "spherical"
            first = [(kinds - 1, shape), (kinds, "full")]
            rest = [(1, "full"), (kinds - 1, "diag"), (kinds, shape), (kinds, "diag")]
            choices = [*(first[i] for i in rng.permutation(2)), *(rest[i] for i in rng.permutation(4))]
            points = some_clouds(rng, kinds)
            given = {"points": points, "choices": choices, "thin": 0.01}
            rows = judged(points.tobytes(), points.shape, tuple(choices), 0.01)
            honest = sorted(bic for bic, _, bad in rows if not bad)
            answers = {lowest_bic(**given), *(mistake(**given) for mistake in JUDGE_MISTAKES.values())}
            # The clouds lie apart: another program's fit ends on the same hill, and the winners lead clearly.
            if honest[1] - honest[0] > 8 and min(rows)[2] and honest[0] - min(rows)[0] > 8 and len(answers) == 5:
                return given

    def probe(student, points, choices, thin):
        kinds, shape = student.best_model(points, choices, thin)
        return (kinds, shape)

    expected = lowest_bic
    returns = ("the number of components", "the shape")
    mistakes = JUDGE_MISTAKES
    hint = (
        "For each choice: fit it; skip it if `collapsed` finds a component; else compute its BIC from its score, its "
        "number of free parameters and the number of points. Keep the choice whose BIC is the lowest so far. The "
        "spread is one number for each column: points.std(axis=0)."
    )
