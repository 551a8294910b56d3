"""What is right in problem set 9: a mixture in free numbers, its gradient, its EM step, and the race of the two.

Expected values are those of `course_lib.mixture`, of which the free numbers are turned into weights, means and
covariances; expected gradients are the closed form that the responsibilities give. No tape is trusted here.
"""

import numpy as np

from autograder.checks import check
from course_lib.mixture import e_step, log_gaussian, m_step

IMPORTS = ("numpy", "matplotlib", "course_lib.autodiff", "course_lib.datasets")
SECONDS = 90.0
# Values are sums of at most some dozens of terms of size 100, right to 1e-12. Known mistakes are off by more than 0.01.
BETWEEN = 1e-6, 1e-8  # rtol, atol
TAPE = ["own-tape"]


# --- Mixtures in free numbers ---------------------------------------------------------------------------------------


def softmax(a):
    e = np.exp(a - np.max(a))
    return e / e.sum()


def factors_of(diagonals, corners):
    """The lower triangular factors W of the inverse covariances."""
    return np.tril(corners, -1) + np.exp(diagonals)[:, :, None] * np.eye(diagonals.shape[1])


def covariances_of(diagonals, corners):
    inverse = np.linalg.inv(factors_of(diagonals, corners))
    return np.swapaxes(inverse, 1, 2) @ inverse


def some_mixture(rng, least=7, most=11):
    """Draw points and a mixture, as many components as neither points nor dimensions."""
    K, d = [(3, 2), (2, 3), (4, 2)][rng.integers(3)]
    n = int(rng.integers(least, most))
    return {
        "points": np.round(rng.normal(0.3, 1.5, (n, d)), 3),
        "logits": np.round(rng.uniform(-1.2, 1.2, K), 3),
        "means": np.round(rng.normal(0, 1.2, (K, d)), 3),
        "diagonals": np.round(rng.uniform(-0.6, 0.6, (K, d)), 3),
        "corners": np.round(rng.choice([-1, 1], (K, d, d)) * rng.uniform(0.3, 0.9, (K, d, d)), 3),
    }


def far_apart(draw, right, mistakes):
    """Draw until every known mistake differs from the right answer in the first digits, somewhere."""
    while True:
        given = draw()
        answer = right(**given)
        try:
            with np.errstate(all="ignore"):
                wrong = [mistake(**given) for mistake in mistakes.values()]
        except np.linalg.LinAlgError:  # a mistake that gives a component no points
            continue
        if all(isinstance(w, type) or not agree(answer, w) for w in wrong):
            return given


def agree(one, other):
    if isinstance(one, dict):
        return all(agree(one[name], other[name]) for name in one)
    if isinstance(one, (list, tuple)):
        return all(agree(a, b) for a, b in zip(one, other, strict=True))
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=1e-3, atol=1e-3, equal_nan=False))


# --- Weights --------------------------------------------------------------------------------------------------------


def right_weights(logits):
    return logits - np.max(logits) - np.log(np.sum(np.exp(logits - np.max(logits))))


def large(kind):
    """Make of a formula the answer for logits of which exp knows no value."""

    def answer(logits):
        with np.errstate(all="ignore"):
            return kind(logits)

    return answer


WEIGHTS_MISTAKES = {
    "exp of a logit of 1000 is infinite: subtract the largest logit first": large(
        lambda a: a - np.log(np.sum(np.exp(a)))
    ),
    "the weights themselves: asked are their logarithms": lambda logits: softmax(logits),
    "the largest logit is subtracted once only: it is missing in the sum, or in front of it": lambda logits: (
        logits - np.log(np.sum(np.exp(logits - np.max(logits))))
    ),
    "the logits less their maximum: the logarithm of the sum is missing": lambda logits: logits - np.max(logits),
    "the logits less their mean: a softmax divides by the sum of the exponentials": lambda logits: (
        logits - np.mean(logits)
    ),
}


@check("weights-value", part="weights", points=2, needs=TAPE)
class WeightsValue:
    """`log_weights(logits)` is the logarithm of the softmax, also where exp overflows."""

    def inputs(rng):
        K = int(rng.integers(3, 6))
        return far_apart(
            lambda: {"logits": np.round(rng.choice([-900.0, 1000.0]) + rng.normal(0, 2, K), 2)},
            right_weights,
            {w: m for w, m in WEIGHTS_MISTAKES.items() if not w.startswith("exp of")},
        )

    def probe(student, logits):
        return student.log_weights(student.Node(logits)).value

    expected = right_weights
    rtol, atol = 1e-9, 1e-9
    mistakes = WEIGHTS_MISTAKES
    hint = (
        "log softmax(a) = b - log(sum(exp(b))) with b = a - max(a): a constant taken from all logits changes nothing, "
        "and the largest exponential is then 1. Chapter 14, section 'Log-sum-exp'."
    )


def right_weights_gradient(logits, seed):
    return seed - softmax(logits) * np.sum(seed)


@check("weights-gradient", part="weights", points=1, needs=TAPE)
class WeightsGradient:
    """`log_weights` is made of the tape's own operations, so that its gradient comes out right."""

    def inputs(rng):
        K = int(rng.integers(3, 6))
        return {"logits": np.round(rng.normal(0, 1, K), 2), "seed": np.round(rng.uniform(0.5, 2, K), 2)}

    def probe(student, logits, seed):
        return student.vjp(student.log_weights, [logits], seed)[0]

    expected = right_weights_gradient
    rtol, atol = BETWEEN
    mistakes = {
        "the sum was computed with plain arrays (`.value`): the tape does not see it": lambda logits, seed: seed,
        "`log_weights` returns a plain array, of which the tape knows nothing": lambda logits, seed: AttributeError,
    }
    hint = (
        "The tape differentiates what is computed with nodes. Take the maximum from `logits.value`, but the sum of the "
        "exponentials from the node itself. Chapter 5, section 'The tape'."
    )


# --- Densities ------------------------------------------------------------------------------------------------------


def densities_with(
    determinant=lambda W, s: s.sum(axis=1),
    z=lambda x, W: x @ W,
    square=lambda z: (z**2).sum(axis=2),
    factors=factors_of,
    half=0.5,
    constant=lambda d: d / 2 * np.log(2 * np.pi),
):
    """Make the log densities, right or with one ingredient changed."""

    def answer(points, means, diagonals, corners):
        W = factors(diagonals, corners)
        x = points - means[:, None, :]
        return determinant(W, diagonals)[:, None] - half * square(z(x, W)) - constant(points.shape[1])

    return answer


def right_densities(points, means, diagonals, corners):
    return log_gaussian(points, means, covariances_of(diagonals, corners)).T


DIAGONAL_MISTAKES = {
    "the sign of the determinant: W belongs to the inverse of the covariance, so its determinant is added": (
        densities_with(determinant=lambda W, s: -s.sum(axis=1))
    ),
    "the determinant is missing": densities_with(determinant=lambda W, s: 0 * s.sum(axis=1)),
    "the diagonals are logarithms already: their sum is the log determinant, not the sum of their exponentials": (
        densities_with(determinant=lambda W, s: np.exp(s).sum(axis=1))
    ),
    "half of the log determinant: W is a root of the inverse covariance, its determinant needs no other root": (
        densities_with(determinant=lambda W, s: s.sum(axis=1) / 2)
    ),
    "the diagonals stand in the factors as they are: exponentiate them first": densities_with(
        factors=lambda s, c: s[:, :, None] * np.eye(s.shape[1])
    ),
    "1/2 is missing before the squared distance": densities_with(half=1.0),
    "the plus sign: a larger distance must lower the density": densities_with(half=-0.5),
    "the constant is missing: (d/2) log(2 pi)": densities_with(constant=lambda d: 0.0),
    "the constant of one dimension: in d dimensions it is (d/2) log(2 pi)": densities_with(
        constant=lambda d: np.log(2 * np.pi) / 2
    ),
    "the constant is twice too large: (d/2) log(2 pi), not d log(2 pi)": densities_with(
        constant=lambda d: d * np.log(2 * np.pi)
    ),
    "the distance in place of its square": densities_with(square=lambda z: np.sqrt((z**2).sum(axis=2))),
}
FULL_MISTAKES = {
    "all of `corners` is used: only the entries below the diagonal count": densities_with(
        factors=lambda s, c: c + np.exp(s)[:, :, None] * np.eye(s.shape[1])
    ),
    "the diagonal of `corners` is added to that of the factors: the mask is np.tril(..., -1)": densities_with(
        factors=lambda s, c: np.tril(c) + np.exp(s)[:, :, None] * np.eye(s.shape[1])
    ),
    "`corners` is not used: the factors are not diagonal": densities_with(
        factors=lambda s, c: np.exp(s)[:, :, None] * np.eye(s.shape[1])
    ),
    "the entries above the diagonal are used: the factors are lower triangular": densities_with(
        factors=lambda s, c: np.triu(c, 1) + np.exp(s)[:, :, None] * np.eye(s.shape[1])
    ),
    "z = W (x - mu): the factor is transposed, z = W^T (x - mu), that is (x - mu)^T @ W": densities_with(
        z=lambda x, W: x @ np.swapaxes(W, 1, 2)
    ),
}


def with_gradient(densities):
    """Make of a function of densities the answer of the probe above, its pullbacks by the complex step."""

    def answer(points, means, diagonals, corners, seed):
        def pulled(name, array):
            found = np.zeros_like(array)
            for index in np.ndindex(array.shape):
                moved = array.astype(complex)
                moved[index] += 1e-30j
                arguments = {"means": means, "diagonals": diagonals, "corners": corners} | {name: moved}
                found[index] = np.sum(seed * np.imag(densities(points, **arguments))) / 1e-30
            return found

        return {
            "value": densities(points, means, diagonals, corners),
            "pulled to the means": pulled("means", means),
            "to the diagonals": pulled("diagonals", diagonals),
            "to the corners": pulled("corners", corners),
        }

    return answer


FULL_RIGHT = with_gradient(densities_with())
FULL_WITH_GRADIENT = {words: with_gradient(wrong) for words, wrong in FULL_MISTAKES.items()} | {
    "`corners.value` is used: the tape does not see it, and its gradient is 0": lambda **given: (
        FULL_RIGHT(**given) | {"to the corners": np.zeros_like(given["corners"])}
    )
}


def densities_by_the_student(student, points, means, diagonals, corners):
    return student.log_densities(points, student.Node(means), student.Node(diagonals), student.Node(corners)).value


def of_densities(rng):
    given = some_mixture(rng)
    del given["logits"]
    return given


DENSITY_HINT = (
    "z = (points - means) @ W for each component, with the mean reshaped to (K, 1, d). The log density is the sum of "
    "the component's diagonals (they are logarithms), minus half the sum of z squared, minus (d/2) log(2 pi). "
    "Chapter 12, section 'The log density'."
)


@check("densities-diagonal", part="densities", points=2, needs=TAPE)
class DensitiesDiagonal:
    """`log_densities` is right where the corners are zero, so that the factors are diagonal."""

    def inputs(rng):
        def draw():
            given = of_densities(rng)
            return given | {"corners": np.zeros_like(given["corners"])}

        return far_apart(draw, right_densities, DIAGONAL_MISTAKES)

    probe = densities_by_the_student
    expected = right_densities
    rtol, atol = BETWEEN
    mistakes = DIAGONAL_MISTAKES
    hint = DENSITY_HINT


@check("densities-full", part="densities", points=3, needs=TAPE)
class DensitiesFull:
    """`log_densities` is right for any factors, and its gradient in all three nodes too."""

    def inputs(rng):
        def draw():
            given = of_densities(rng)
            shape = len(given["means"]), len(given["points"])
            return given | {"seed": np.round(rng.uniform(0.5, 2.0, shape), 2)}

        return far_apart(draw, FULL_RIGHT, FULL_WITH_GRADIENT)

    def probe(student, points, means, diagonals, corners, seed):
        def f(*nodes):
            return student.log_densities(points, *nodes)

        value = f(student.Node(means), student.Node(diagonals), student.Node(corners)).value
        pulled = student.vjp(f, [means, diagonals, corners], seed)
        names = ("pulled to the means", "to the diagonals", "to the corners")
        return {"value": value} | dict(zip(names, pulled, strict=True))

    expected = FULL_RIGHT
    rtol, atol = BETWEEN
    mistakes = FULL_WITH_GRADIENT
    hint = DENSITY_HINT


# --- The likelihood -------------------------------------------------------------------------------------------------


def joint_of(points, logits, means, diagonals, corners):
    return right_weights(logits)[:, None] + right_densities(points, means, diagonals, corners)


def log_sum_exp(a, axis):
    top = a.max(axis=axis)
    return np.log(np.exp(a - np.expand_dims(top, axis)).sum(axis=axis)) + top


def right_likelihood(**mixture):
    return float(log_sum_exp(joint_of(**mixture), 0).sum())


LIKELIHOOD_MISTAKES = {
    "the mean over the points: asked is the sum": lambda **m: right_likelihood(**m) / len(m["points"]),
    "the weights are missing": lambda **m: float(
        log_sum_exp(right_densities(m["points"], m["means"], m["diagonals"], m["corners"]), 0).sum()
    ),
    "the logits in place of the log weights": lambda **m: float(
        log_sum_exp(
            m["logits"][:, None] + right_densities(m["points"], m["means"], m["diagonals"], m["corners"]), 0
        ).sum()
    ),
    "the sum over the points is inside the logarithm: each point has a logarithm of its own": lambda **m: float(
        log_sum_exp(joint_of(**m), 1).sum()
    ),
    "the logarithms are summed over the components: the densities must be": lambda **m: float(joint_of(**m).sum()),
    "the largest term is taken out and not put back": lambda **m: float(
        (log_sum_exp(joint_of(**m), 0) - joint_of(**m).max(axis=0)).sum()
    ),
    "minus the log-likelihood: asked is the hill, not the valley": lambda **m: -right_likelihood(**m),
    "one value for each point: their sum is asked for": lambda **m: log_sum_exp(joint_of(**m), 0),
}


def likelihood_by_the_student(student, points, logits, means, diagonals, corners):
    nodes = [student.Node(array) for array in (logits, means, diagonals, corners)]
    return student.log_likelihood(points, *nodes).value


@check("likelihood-value", part="likelihood", points=2, needs=[*TAPE, "weights", "densities"])
class LikelihoodValue:
    """`log_likelihood` is the sum over the points of the logarithm of the mixture's density."""

    def inputs(rng):
        return far_apart(lambda: some_mixture(rng), right_likelihood, LIKELIHOOD_MISTAKES)

    probe = likelihood_by_the_student
    expected = right_likelihood
    rtol, atol = BETWEEN
    mistakes = LIKELIHOOD_MISTAKES
    hint = (
        "Log weight plus log density, for each component and point. Log-sum-exp over the components gives one number "
        "for each point; add them up. Chapter 16, section 'One function, read twice'."
    )


@check("likelihood-far", part="likelihood", points=1, needs=[*TAPE, "weights", "densities"])
class LikelihoodFar:
    """`log_likelihood` is a number also where all densities of a point are smaller than the smallest float."""

    def inputs(rng):
        given = some_mixture(rng)
        given["points"][rng.integers(len(given["points"]))] += np.round(rng.choice([-1, 1]) * rng.uniform(400, 900), 1)
        return given

    probe = likelihood_by_the_student
    expected = right_likelihood
    rtol, atol = 1e-8, 1e-8
    mistakes = {
        "a density underflows to 0, whose logarithm is -inf: take each point's own largest logarithm out first": (
            lambda **m: -np.inf
        ),
    }
    hint = (
        "For each point take its own largest logarithm out before you exponentiate, and add it after the logarithm: "
        "`joint.value.max(axis=0)`. Chapter 14, section 'Log-sum-exp'."
    )


# --- A step up the hill ---------------------------------------------------------------------------------------------


def responsibilities(points, logits, means, diagonals, corners):
    joint = joint_of(points, logits, means, diagonals, corners)
    return np.exp(joint - log_sum_exp(joint, 0))


def gradients(points, logits, means, diagonals, corners):
    """The gradients of the log-likelihood in closed form: those of labelled data, each point counted by its r."""
    r = responsibilities(points, logits, means, diagonals, corners)
    W, centred = factors_of(diagonals, corners), points - means[:, None, :]
    z = centred @ W
    by_mean = np.einsum("kij,knj,kn->ki", W, z, r)
    by_factor = -np.einsum("kn,kni,knj->kij", r, centred, z)
    own = np.diagonal(by_factor, axis1=1, axis2=2) * np.exp(diagonals) + r.sum(axis=1)[:, None]
    return [r.sum(axis=1) - len(points) * softmax(logits), by_mean, own, np.tril(by_factor, -1)]


def stepped(times=lambda rate, n: rate / n, which=(1, 1, 1, 1)):
    """Make of a factor for the gradient of the sum the answer of `ascent_step`."""

    def answer(points, rate, **mixture):
        found = gradients(points, **mixture)
        factor = times(rate, len(points))
        return [a + w * factor * g for a, g, w in zip(mixture.values(), found, which, strict=True)]

    return answer


ASCENT_MISTAKES = {
    "down the hill: the log-likelihood shall grow, so the gradient is added": stepped(lambda rate, n: -rate / n),
    "the gradient of the sum: asked is that of the mean over the points": stepped(lambda rate, n: rate),
    "the rate is not used": stepped(lambda rate, n: 1 / n),
    "the means alone are moved: all four arrays are free": stepped(which=(0, 1, 0, 0)),
    "the corners are not moved: all four arrays are free": stepped(which=(1, 1, 1, 0)),
    "the gradients themselves: asked are the new arrays": lambda points, rate, **mixture: [
        g / len(points) for g in gradients(points, **mixture)
    ],
}


@check("ascent-value", part="ascent", points=3, needs=[*TAPE, "weights", "densities", "likelihood"])
class Ascent:
    """`ascent_step` adds rate times the gradient of the mean log-likelihood to each of the four arrays."""

    def inputs(rng):
        return far_apart(
            lambda: some_mixture(rng) | {"rate": float(np.round(rng.uniform(0.2, 0.6), 2))}, stepped(), ASCENT_MISTAKES
        )

    def probe(student, points, logits, means, diagonals, corners, rate):
        before = [logits, means, diagonals, corners]
        kept = [array.copy() for array in before]
        after = list(student.ascent_step(points, before, rate))
        if any(not np.array_equal(a, b) for a, b in zip(before, kept, strict=True)):
            return "the arrays that were given have been changed"
        return after

    expected = stepped()
    rtol, atol = BETWEEN
    returns = ("the logits", "the means", "the diagonals", "the corners")
    mistakes = ASCENT_MISTAKES | {
        "the arrays that were given are changed: `+=` writes into them; write `array + ...`": lambda **given: (
            "the arrays that were given have been changed"
        )
    }
    hint = (
        "vjp(f, parameters, 1.0) gives four gradients, where f takes four nodes and returns the log-likelihood divided "
        "by the number of points. Add rate times each. Chapter 16, section 'The race'."
    )


# --- The other road -------------------------------------------------------------------------------------------------


def as_mixture(logits, means, diagonals, corners):
    """What four arrays mean, whatever constant the logits have and whatever stands above the diagonals."""
    factors = factors_of(diagonals, corners)
    return {
        "weights": softmax(logits),
        "means": means,
        "inverse covariances": factors @ np.swapaxes(factors, 1, 2),
    }


def em_with(
    weights=lambda counts: counts / counts.sum(),
    means=lambda r, points: r @ points / r.sum(axis=1)[:, None],
    about=lambda old, new: new,
    divide=lambda r: r.sum(axis=1),
    normal=lambda joint: np.exp(joint - log_sum_exp(joint, 0)),
    inverse=np.linalg.inv,
):
    """Make the answer of one EM step, right or with one ingredient changed."""

    def answer(points, **mixture):
        r = normal(joint_of(points, **mixture))
        new = means(r, points)
        centred = points - about(mixture["means"], new)[:, None, :]
        covariances = np.einsum("kn,kni,knj->kij", r, centred, centred) / divide(r)[:, None, None]
        return {"weights": weights(r.sum(axis=1)), "means": new, "inverse covariances": inverse(covariances)}

    return answer


def right_em(points, logits, means, diagonals, corners):
    _, r = e_step(points, softmax(logits), means, covariances_of(diagonals, corners))
    weights, means, covariances = m_step(points, r)
    return {"weights": weights, "means": means, "inverse covariances": np.linalg.inv(covariances)}


def transposed_root(covariances):
    """What the inverse of the lower Cholesky factor of the covariance gives, taken for the factor W."""
    root = np.linalg.inv(np.linalg.cholesky(covariances))
    return root @ np.swapaxes(root, 1, 2)


def unlogged(covariances):
    """What comes of a factor whose diagonal is returned without its logarithm."""
    W = np.linalg.cholesky(np.linalg.inv(covariances))
    W = np.tril(W, -1) + np.exp(np.diagonal(W, axis1=1, axis2=2))[:, :, None] * np.eye(W.shape[1])
    return W @ np.swapaxes(W, 1, 2)


EM_MISTAKES = {
    "the factor is that of the covariance: it must be that of its inverse": em_with(inverse=lambda c: c),
    "the covariances are taken about the old means: the M step uses the new ones": em_with(about=lambda old, new: old),
    "the covariances are divided by n: each has its own number of points, N_k": em_with(
        divide=lambda r: np.full(len(r), r.shape[1])
    ),
    "the means are divided by n: each has its own number of points, N_k": em_with(
        means=lambda r, points: r @ points / len(points)
    ),
    "all weights are 1/K: they are N_k / n": em_with(weights=lambda counts: np.full(len(counts), 1 / len(counts))),
    "the responsibilities do not sum to 1 for each point: divide by their sum over the components": em_with(
        normal=lambda joint: np.exp(joint - joint.max(axis=0))
    ),
    "the responsibilities are normalised over the points: for each point they sum to 1 over the components": em_with(
        normal=lambda joint: np.exp(joint - log_sum_exp(joint, 1)[:, None])
    ),
    "hard assignment: each point counts by its probability for every component": em_with(
        normal=lambda joint: (joint == joint.max(axis=0)) * 1.0
    ),
    "the weights of the components are missing in the E step": lambda points, **m: em_with()(
        points, **(m | {"logits": np.zeros_like(m["logits"])})
    ),
    "the inverse of the covariance's Cholesky factor: take the Cholesky factor of the inverse": em_with(
        inverse=transposed_root
    ),
    "the diagonals are not yet logarithms": em_with(inverse=unlogged),
    "the covariances are diagonal: the corners were left at zero": em_with(
        inverse=lambda c: np.array([np.diag(np.diag(np.linalg.cholesky(np.linalg.inv(one))) ** 2) for one in c])
    ),
}


def some_crowd(rng):
    """Draw many points from a mixture, and another mixture beside it: EM has some way to go, and no component dies."""
    while True:
        given = some_mixture(rng)
        K, d = given["means"].shape
        labels = np.concatenate([np.arange(K), rng.integers(K, size=55)])
        noise = rng.normal(size=(len(labels), d))
        roots = np.linalg.cholesky(covariances_of(given["diagonals"], given["corners"]))
        given["points"] = np.round(3 * given["means"][labels] + np.einsum("nij,nj->ni", roots[labels], noise), 3)
        given["means"] = np.round(3 * given["means"] + rng.uniform(0.3, 0.7, (K, d)) * rng.choice([-1, 1], (K, d)), 3)
        if np.bincount(joint_of(**given).argmax(axis=0), minlength=K).min() > d + 4:
            return given


@check("em-step", part="em", points=4, needs=[*TAPE, "weights", "densities"])
class EMStep:
    """`em_step` is one E step and one M step, written back in free numbers."""

    def inputs(rng):
        return far_apart(lambda: some_crowd(rng), right_em, EM_MISTAKES)

    def probe(student, points, logits, means, diagonals, corners):
        logits, means, diagonals, corners = student.em_step(points, [logits, means, diagonals, corners])
        e = np.exp(logits - np.max(logits))
        W = np.tril(corners, -1) + np.exp(diagonals)[:, :, None] * np.eye(means.shape[1])
        return {"weights": e / e.sum(), "means": means, "inverse covariances": W @ np.swapaxes(W, 1, 2)}

    expected = right_em
    rtol, atol = 1e-5, 1e-7  # an inverse of a covariance of some ten points may lose five digits
    mistakes = EM_MISTAKES
    hint = (
        "Responsibilities with each point's sum 1; N_k is their sum over the points. Means and covariances are "
        "averages weighted by them, about the new means. Then W = cholesky(inv(covariance)), its "
        "diagonal as logarithms. "
        "Chapter 14, section 'The general case'."
    )


# --- The race -------------------------------------------------------------------------------------------------------


def raced(first=0, mean=True, together=False):
    """Make the heights of both climbers, right or with one slip."""

    def answer(points, rate, iterations, **mixture):
        names = list(mixture)

        def height(arrays):
            total = right_likelihood(points=points, **dict(zip(names, arrays, strict=True)))
            return total / len(points) if mean else total

        def climb(step, arrays):
            heights = [height(arrays)]
            for _ in range(iterations):
                arrays = step(dict(zip(names, arrays, strict=True)))
                heights.append(height(arrays))
            return np.array(heights)[first:], arrays

        def em(m):
            new = right_em(points, **m)
            W = np.linalg.cholesky(new["inverse covariances"])
            diagonals = np.log(np.diagonal(W, axis1=1, axis2=2))
            return [np.log(new["weights"]), new["means"], diagonals, np.tril(W, -1)]

        gradient, end = climb(lambda m: stepped()(points, rate, **m), list(mixture.values()))
        heights, _ = climb(em, end if together else list(mixture.values()))
        return gradient, heights

    return answer


RACE_MISTAKES = {
    "EM begins where the gradient has ended: both begin at the same start": raced(together=True),
    "the height of the start is missing: entry 0 is that of the parameters that were given": raced(first=1),
    "the sums: asked is the mean log-likelihood of a point": raced(mean=False),
    "the two are in the wrong order: first the gradient, then EM": lambda **given: raced()(**given)[::-1],
}


@check("race-heights", part="race", points=2, needs=[*TAPE, "weights", "densities", "likelihood", "ascent", "em"])
class Race:
    """`race` returns the mean log-likelihoods of both climbers, from the same start."""

    trials = 3

    def inputs(rng):
        def draw():
            more = {"rate": float(np.round(rng.uniform(0.03, 0.08), 3)), "iterations": int(rng.integers(2, 5))}
            return some_crowd(rng) | more

        return far_apart(draw, raced(), RACE_MISTAKES)

    def probe(student, points, logits, means, diagonals, corners, rate, iterations):
        gradient, em = student.race(points, [logits, means, diagonals, corners], rate, iterations)
        return np.asarray(gradient), np.asarray(em)

    expected = raced()
    rtol, atol = 1e-5, 1e-7
    returns = ("the heights of the gradient climber", "the heights of EM")
    mistakes = RACE_MISTAKES
    hint = (
        "For each climber begin with the parameters that were given: note the height, then step and note again, as "
        "often as asked. The height is log_likelihood(...).value divided by the number of points."
    )
