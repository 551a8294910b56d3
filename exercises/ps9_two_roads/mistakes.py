"""What the known mistakes of problem set 9 answer."""

import numpy as np

from autograder.checks import Breaks, Mistake, Raises, answering

from .formulas import (
    densities_with,
    em_with,
    gradients,
    hidden,
    joint_of,
    log_sum_exp,
    of_both,
    raced,
    right_densities,
    right_likelihood,
    right_slope,
    right_weights,
    softmax,
    stepped,
    transposed_root,
    unlogged,
    with_gradient,
    with_points_for_dimensions,
    with_pull,
    with_slope,
)

# --- Weights --------------------------------------------------------------------------------------------------------


WEIGHT_FORMULAS = {
    "exp-overflows": Mistake(
        "exp of a logit of 1000 is infinite: subtract the largest logit first",
        lambda a: a - np.log(np.sum(np.exp(a))),
    ),
    "not-the-largest": Mistake(
        "what is subtracted is not the largest logit, as if it were their mean or the smallest: 1000 and -1000 lie too "
        "far from it",
        lambda a: a - a.mean() - np.log(np.sum(np.exp(a - a.mean()))),
    ),
    "log-of-quotient": Mistake(
        "the logarithm of a quotient that is 0 for a small logit: take the logarithm before you exponentiate",
        lambda a: np.log(softmax(a)),
    ),
    "weights-not-log": Mistake("the weights themselves: asked are their logarithms", lambda logits: softmax(logits)),
    "subtracted-once": Mistake(
        "the largest logit is subtracted once only: it is missing in the sum, or in front of it",
        lambda logits: logits - np.log(np.sum(np.exp(logits - np.max(logits)))),
    ),
    "no-log-of-sum": Mistake(
        "the logits less their maximum: the logarithm of the sum is missing", lambda logits: logits - np.max(logits)
    ),
    "less-their-mean": Mistake(
        "the logits less their mean: a softmax divides by the sum of the exponentials",
        lambda logits: logits - np.mean(logits),
    ),
}


NUMPY_ON_A_NODE = {
    "numpy-on-a-node": Mistake(
        "NumPy was given a node, of which its functions know nothing: take the node's own method, such as `.exp()`",
        lambda **_: Raises(TypeError, "'Node' does not support ufuncs"),
    )
}
WEIGHTS = answering(of_both, WEIGHT_FORMULAS) | NUMPY_ON_A_NODE


OF_A_NODE = ("inner", "value", "parents", "pulls", "adjoint")  # what a tape asks of the result

WEIGHTS_GRADIENT = NUMPY_ON_A_NODE | {
    "value-in-sum": Mistake(
        "the sum was computed with plain arrays (`.value`): the tape does not see it",
        with_pull(right_weights, lambda p, seed: seed),
    ),
    "weights-off-tape": Mistake(
        "`log_weights` returns a plain array, of which the tape knows nothing",
        lambda logits, seed: Raises(
            AttributeError,
            [f"'numpy.ndarray' object has no attribute '{name}'" for name in OF_A_NODE],
            line=r"vjp|parents|adjoint",
        ),
    ),
    **{
        id: Mistake(WEIGHT_FORMULAS[id].words, with_pull(WEIGHT_FORMULAS[id].answer, *pulled))
        for id, *pulled in (
            ("no-log-of-sum", lambda p, seed: seed),
            ("less-their-mean", lambda p, seed: seed - seed.mean()),
            ("weights-not-log", lambda p, seed: p * (seed - p @ seed)),
            ("subtracted-once",),
        )
    },
}


# --- Densities ------------------------------------------------------------------------------------------------------


DIAGONAL = {
    "constant-to-base-10": Mistake(
        "np.log10 is the logarithm to the base 10: np.log is the natural one, which undoes exp",
        densities_with(constant=lambda d: d / 2 * np.log10(2 * np.pi)),
    ),
    "points-for-dimensions": Mistake(
        "the number of points stands where that of the features belongs: len(points) is n, and d is points.shape[1]",
        with_points_for_dimensions,
    ),
    "determinant-sign": Mistake(
        "the sign of the determinant: W belongs to the inverse of the covariance, so its determinant is added",
        densities_with(determinant=lambda W, s: -s.sum(axis=1)),
    ),
    "no-determinant": Mistake("the determinant is missing", densities_with(determinant=lambda W, s: 0 * s.sum(axis=1))),
    "diagonals-exponentiated": Mistake(
        "the diagonals are logarithms already: their sum is the log determinant, not the sum of their exponentials",
        densities_with(determinant=lambda W, s: np.exp(s).sum(axis=1)),
    ),
    "half-determinant": Mistake(
        "half of the log determinant: W is a root of the inverse covariance, its determinant needs no other root",
        densities_with(determinant=lambda W, s: s.sum(axis=1) / 2),
    ),
    "diagonals-as-they-are": Mistake(
        "the diagonals stand in the factors as they are: exponentiate them first",
        densities_with(factors=lambda s, c: np.tril(c, -1) + s[:, :, None] * np.eye(s.shape[1])),
    ),
    "half-missing": Mistake("1/2 is missing before the squared distance", densities_with(half=1.0)),
    "distance-sign": Mistake("the plus sign: a larger distance must lower the density", densities_with(half=-0.5)),
    "no-constant": Mistake("the constant is missing: (d/2) log(2 pi)", densities_with(constant=lambda d: 0.0)),
    "constant-of-one": Mistake(
        "the constant of one dimension: in d dimensions it is (d/2) log(2 pi)",
        densities_with(constant=lambda d: np.log(2 * np.pi) / 2),
    ),
    "constant-twice": Mistake(
        "the constant is twice too large: (d/2) log(2 pi), not d log(2 pi)",
        densities_with(constant=lambda d: d * np.log(2 * np.pi)),
    ),
    "distance-not-squared": Mistake(
        "the distance in place of its square", densities_with(square=lambda z: np.sqrt((z**2).sum(axis=2)))
    ),
}


FULL = {
    "all-corners": Mistake(
        "all of `corners` is used: only the entries below the diagonal count",
        densities_with(factors=lambda s, c: c + np.exp(s)[:, :, None] * np.eye(s.shape[1])),
    ),
    "corner-diagonal": Mistake(
        "the diagonal of `corners` is added to that of the factors: the mask is np.tril(..., -1)",
        densities_with(factors=lambda s, c: np.tril(c) + np.exp(s)[:, :, None] * np.eye(s.shape[1])),
    ),
    "no-corners": Mistake(
        "`corners` is not used: the factors are not diagonal",
        densities_with(factors=lambda s, c: np.exp(s)[:, :, None] * np.eye(s.shape[1])),
    ),
    "above-diagonal": Mistake(
        "the entries above the diagonal are used: the factors are lower triangular",
        densities_with(factors=lambda s, c: np.triu(c, 1) + np.exp(s)[:, :, None] * np.eye(s.shape[1])),
    ),
    "factor-transposed": Mistake(
        "z = W (x - mu): the factor is transposed, z = W^T (x - mu), that is (x - mu)^T @ W",
        densities_with(z=lambda x, W: x @ np.swapaxes(W, 1, 2)),
    ),
}


PULLED = ("pulled to the means", "to the diagonals", "to the corners")


FULL_WITH_GRADIENT = answering(with_gradient, DIAGONAL | FULL) | {
    "densities-off-tape": Mistake(
        "a node is made of plain numbers (`.value`): the tape has not seen how they came about, and pulls nothing",
        hidden(*PULLED),
    ),
    "means-off-tape": Mistake(
        "`means.value` is used: the tape does not see it, and its gradient is 0", hidden(PULLED[0])
    ),
    "diagonals-off-tape": Mistake(
        "`diagonals.value` is used: the tape does not see it, and its gradient is 0", hidden(PULLED[1])
    ),
    "determinant-off-tape": Mistake(
        "the log determinant is made of `diagonals.value`: the tape does not see that it depends on them",
        hidden(PULLED[1], seen=lambda seed, pulled: pulled - seed.sum(axis=1)[:, None]),
    ),
    "corners-off-tape": Mistake(
        "`corners.value` is used: the tape does not see it, and its gradient is 0", hidden(PULLED[2])
    ),
}


# --- The likelihood -------------------------------------------------------------------------------------------------


LIKELIHOODS = {
    "mean-likelihood": Mistake(
        "the mean over the points: asked is the sum", lambda **m: right_likelihood(**m) / len(m["points"])
    ),
    "no-weights": Mistake(
        "the weights are missing",
        lambda **m: float(log_sum_exp(right_densities(m["points"], m["means"], m["diagonals"], m["corners"]), 0).sum()),
    ),
    "logits-for-weights": Mistake(
        "the logits in place of the log weights",
        lambda **m: float(
            log_sum_exp(
                m["logits"][:, None] + right_densities(m["points"], m["means"], m["diagonals"], m["corners"]), 0
            ).sum()
        ),
    ),
    "one-logarithm": Mistake(
        "the sum over the points is inside the logarithm: each point has a logarithm of its own",
        lambda **m: float(log_sum_exp(joint_of(**m), 1).sum()),
    ),
    "logs-summed": Mistake(
        "the logarithms are summed over the components: the densities must be", lambda **m: float(joint_of(**m).sum())
    ),
    "largest-not-put-back": Mistake(
        "the largest term is taken out and not put back",
        lambda **m: float((log_sum_exp(joint_of(**m), 0) - joint_of(**m).max(axis=0)).sum()),
    ),
    "minus-likelihood": Mistake(
        "minus the log-likelihood: asked is the hill, not the valley", lambda **m: -right_likelihood(**m)
    ),
    "likelihood-of-each": Mistake(
        "one value for each point: their sum is asked for", lambda **m: log_sum_exp(joint_of(**m), 0)
    ),
}


# The largest is taken from the node's value: to the tape it is a constant, and what it leaves out has another slope.
LIKELIHOOD = answering(with_slope, LIKELIHOODS) | {
    "largest-not-put-back": Mistake(
        LIKELIHOODS["largest-not-put-back"].words, with_slope(LIKELIHOODS["largest-not-put-back"], right_slope)
    ),
    "likelihood-off-tape": Mistake(
        "a node is made of a plain number (`.value`): the tape has not seen how it came about",
        with_slope(right_likelihood, lambda **mixture: 0.0),
    ),
}


LIKELIHOOD_FAR = LIKELIHOODS | {
    "underflow": Mistake(
        "a density underflows to 0, whose logarithm is -inf: take each point's own largest logarithm out first",
        lambda **m: -np.inf,
    ),
    "overflow": Mistake(
        "an exponential overflows: what is taken out is not the largest logarithm of each point, but a smaller one",
        lambda **m: np.inf,
    ),
}


# --- A step up the hill ---------------------------------------------------------------------------------------------


ASCENT_MISTAKES = {
    "downhill": Mistake(
        "down the hill: the log-likelihood shall grow, so the gradient is added", stepped(lambda rate, n: -rate / n)
    ),
    "gradient-of-sum": Mistake(
        "the gradient of the sum: asked is that of the mean over the points", stepped(lambda rate, n: rate)
    ),
    "no-rate": Mistake("the rate is not used", stepped(lambda rate, n: 1 / n)),
    "downhill-of-sum": Mistake(
        "two things: the gradient of the sum, where that of the mean is asked for, and down the hill",
        stepped(lambda rate, n: -rate),
    ),
    "logits-stay": Mistake("the logits are not moved: all four arrays are free", stepped(which=(0, 1, 1, 1))),
    "only-means": Mistake("the means alone are moved: all four arrays are free", stepped(which=(0, 1, 0, 0))),
    "no-corner-step": Mistake("the corners are not moved: all four arrays are free", stepped(which=(1, 1, 1, 0))),
    "gradients-alone": Mistake(
        "the gradients themselves: asked are the new arrays",
        lambda points, rate, **mixture: [g / len(points) for g in gradients(points, **mixture)],
    ),
}


ALL_ASCENT = ASCENT_MISTAKES | {
    "arrays-changed": Mistake(
        "the arrays that were given are changed: `+=` writes into them; write `array + ...`",
        lambda **given: Breaks("has changed `parameters`"),
    )
}


# --- The other road -------------------------------------------------------------------------------------------------


EM = {
    "covariance-factor": Mistake(
        "the factor is that of the covariance: it must be that of its inverse", em_with(inverse=lambda c: c)
    ),
    "about-old-means": Mistake(
        "the covariances are taken about the old means: the M step uses the new ones",
        em_with(about=lambda old, new: old),
    ),
    "covariances-over-n": Mistake(
        "the covariances are divided by n: each has its own number of points, N_k",
        em_with(divide=lambda r: np.full(len(r), r.shape[1])),
    ),
    "over-nk-minus-1": Mistake(
        "the covariances are divided by N_k - 1: maximum likelihood divides by N_k",
        em_with(divide=lambda r: r.sum(axis=1) - 1),
    ),
    "responsibilities-twice": Mistake(
        "the responsibilities count twice in the covariances: once on either side of the product",
        em_with(count=lambda r: r**2),
    ),
    "means-over-n": Mistake(
        "the means are divided by n: each has its own number of points, N_k",
        em_with(means=lambda r, points: r @ points / len(points)),
    ),
    "equal-weights": Mistake(
        "all weights are 1/K: they are N_k / n", em_with(weights=lambda counts: np.full(len(counts), 1 / len(counts)))
    ),
    "not-normalised": Mistake(
        "the responsibilities do not sum to 1 for each point: divide by their sum over the components",
        em_with(normal=lambda joint: np.exp(joint - joint.max(axis=0))),
    ),
    "normalised-over-points": Mistake(
        "the responsibilities are normalised over the points: for each point they sum to 1 over the components",
        em_with(normal=lambda joint: np.exp(joint - log_sum_exp(joint, 1)[:, None])),
    ),
    "largest-out-and-over-points": Mistake(
        "the responsibilities are normalised over the points, once each point's largest logarithm is out: for each "
        "point they sum to 1 over the components",
        em_with(
            normal=lambda joint: np.exp(joint - joint.max(axis=0) - log_sum_exp(joint - joint.max(axis=0), 1)[:, None])
        ),
    ),
    "hard-assignment": Mistake(
        "hard assignment: each point counts by its probability for every component",
        em_with(normal=lambda joint: (joint == joint.max(axis=0)) * 1.0),
    ),
    "em-no-weights": Mistake(
        "the weights of the components are missing in the E step",
        lambda points, **m: em_with()(points, **(m | {"logits": np.zeros_like(m["logits"])})),
    ),
    "inverse-of-factor": Mistake(
        "the inverse of the covariance's Cholesky factor: take the Cholesky factor of the inverse",
        em_with(inverse=transposed_root),
    ),
    "diagonals-not-log": Mistake("the diagonals are not yet logarithms", em_with(inverse=unlogged)),
    "weights-for-logits": Mistake(
        "the weights stand where the logits belong: their softmax is another thing, so take their logarithms",
        em_with(weights=lambda counts: softmax(counts / counts.sum())),
    ),
    "old-logits": Mistake(
        "the logits stay as they were: the weights are N_k / n",
        lambda points, **m: em_with()(points, **m) | {"weights": softmax(m["logits"])},
    ),
    "diagonal-only": Mistake(
        "nothing stands below the diagonals: the corners are zero there, or the factor is an upper triangular one",
        em_with(
            inverse=lambda c: np.array([np.diag(np.diag(np.linalg.cholesky(np.linalg.inv(one))) ** 2) for one in c])
        ),
    ),
}


ALL_EM = EM | {  # what does not show in every trial, or is too small to be drawn for
    "em-underflow": Mistake(
        "0/0: all densities of a far point underflow; take its largest logarithm out before you exponentiate",
        em_with(
            normal=lambda joint: np.where(np.exp(joint).any(axis=0), np.exp(joint - log_sum_exp(joint, 0)), np.nan)
        ),
    ),
    "diagonal-raised": Mistake(
        "a small number is added to the diagonal of the covariance: it keeps that from collapsing, and is not asked",
        em_with(inverse=lambda c: np.linalg.inv(c + 1e-6 * np.eye(c.shape[-1]))),
    ),
}


# --- The race -------------------------------------------------------------------------------------------------------


RACE = {
    "after-the-gradient": Mistake(
        "EM begins where the gradient has ended: both begin at the same start", raced(together=True)
    ),
    "beside-the-gradient": Mistake(
        "EM makes each of its steps from the gradient's mixture: each climber goes on from where it stands itself",
        raced(beside=True),
    ),
    "no-last-height": Mistake(
        "the last height is missing: there is one for the start and one after each iteration", raced(last=-1)
    ),
    "no-start-height": Mistake(
        "the height of the start is missing: entry 0 is that of the parameters that were given", raced(first=1)
    ),
    "sums-for-means": Mistake("the sums: asked is the mean log-likelihood of a point", raced(mean=False)),
    "wrong-order": Mistake(
        "the two are in the wrong order: first the gradient, then EM", lambda **given: raced()(**given)[::-1]
    ),
}
