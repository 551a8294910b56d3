"""What the M step needs to know of the data, and nothing else: a few sums.

The weights, means and covariances of the next mixture depend on the points only through
``N_k = sum_n r_nk``, ``sum_n r_nk (x_n - s_k)`` and ``sum_n r_nk (x_n - s_k)(x_n - s_k)'``: sufficient
statistics. Sums of blocks of rows add up to the sums of all rows, so that the data may be read block by
block, by several readers, or from a file. The origin s_k matters: about 0, points near 1e8 would leave no
digit for their spread. Any origin near the points will do; the shift theorem moves it to the mean.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_lib.mixture.arguments import checked_covariances, finite, real_array
from course_lib.mixture.covariances import MATRICES, Array, add_to_diagonal, cholesky_factors, raised_to

_TINY = float(np.finfo(float).tiny)


class Parameters(NamedTuple):
    """A mixture: weights (k,), means (k, d), covariances in the shape of their type."""

    weights: Array
    means: Array
    covariances: Array


class Summary(NamedTuple):
    """The sums of one sweep over the data.

    ``counts`` (k,) are the N_k. ``firsts`` (k, d) and ``seconds`` are sums about the origins: seconds are
    (k, d, d) for full, (k, d) for diag, (k,) for spherical (summed over the features), and (d, d) for
    tied (summed over the components). ``origins`` are (k, d), or (1, d) where all components share one.
    """

    log_likelihood: float
    counts: Array
    firsts: Array
    seconds: Array
    origins: Array


def together(one: Summary, other: Summary, covariance_type: str) -> Summary:
    """Return the sums of two sets of points, about the origins of the first (`other` has one for each component)."""
    away = other.origins - one.origins  # (k, d)
    firsts = other.firsts + other.counts[:, None] * away
    if covariance_type in MATRICES:
        moved = other.firsts[:, :, None] * away[:, None, :] + away[:, :, None] * firsts[:, None, :]
        seconds = other.seconds + (moved if covariance_type == "full" else moved.sum(axis=0))
    else:
        products = (other.firsts + firsts) * away
        seconds = other.seconds + (products if covariance_type == "diag" else products.sum(axis=1))
    return Summary(
        one.log_likelihood + other.log_likelihood,
        one.counts + other.counts,
        one.firsts + firsts,
        one.seconds + seconds,
        one.origins,
    )


Estimate = Callable[[Summary, Parameters], Parameters]  # the next mixture, from the sums and the one before


class NormalInverseWishart(NamedTuple):
    """What is believed of each component's mean and covariance before any point is seen.

    ``Sigma ~ inverse Wishart(degrees_of_freedom, scale)`` and ``mu | Sigma ~ N(mean, Sigma / shrinkage)``: as if
    ``shrinkage`` points had been seen at ``mean``, and a scatter of ``scale`` about it. A component that
    shrinks onto one point keeps a covariance of about ``scale / degrees_of_freedom``: the likelihood cannot
    run away. For diag each variance, and for spherical the one variance, has the inverse gamma
    distribution of the same form, with the scale's diagonal, or the mean of it.

    Parameters
    ----------
    mean : ndarray, shape (d,)
        Where components are expected.
    shrinkage : float
        How many points that belief is worth, positive.
    degrees_of_freedom : float
        How many points the belief about the covariance is worth, more than d - 1.
    scale : ndarray, shape (d, d) or (d,)
        The scatter that is believed in, in squared units of X; its diagonal alone is enough for diag and spherical.

    References
    ----------
    Fraley and Raftery: Bayesian regularization for normal mixture estimation and model-based clustering.
    Journal of Classification 24 (2007) 155-181, table 1 and section 3.

    Examples
    --------
    >>> prior = NormalInverseWishart(np.zeros(2), 0.01, 4.0, np.eye(2))
    >>> prior.shrinkage
    0.01
    """

    mean: Array
    shrinkage: float
    degrees_of_freedom: float
    scale: Array

    @classmethod
    def of_data(cls, mean: Array, covariance: Array, n_components: int) -> "NormalInverseWishart":
        """Return the weak prior of Fraley and Raftery: K components share out the volume of the data."""
        d = len(mean)
        return cls(mean, 0.01, d + 2.0, covariance / n_components ** (2 / d))

    @property
    def diagonal(self) -> Array:
        """The diagonal of the scale, shape (d,)."""
        return np.diag(self.scale) if self.scale.ndim == 2 else self.scale

    def checked(self, d: int, covariance_type: str = "full") -> "NormalInverseWishart":
        """Return the prior with arrays of float64.

        Raises
        ------
        ValueError
            If it is not a proper prior of such covariances in d dimensions.
        """
        mean = np.asarray(real_array(self.mean, "the prior's mean"), dtype=float)
        scale = np.asarray(real_array(self.scale, "the prior's scale"), dtype=float)
        diagonal = scale.shape == (d,) and covariance_type not in MATRICES
        if mean.shape != (d,) or not (diagonal or scale.shape == (d, d)):
            raise ValueError(
                f"The prior's mean and scale have shapes {mean.shape}, {scale.shape}; expected ({d},), ({d}, {d})."
            )
        finite(mean, "the prior's mean")
        finite(scale, "the prior's scale")
        if not (0 < self.shrinkage < np.inf and d - 1 < self.degrees_of_freedom < np.inf):
            raise ValueError(
                f"The prior has shrinkage {self.shrinkage} and {self.degrees_of_freedom} degrees of freedom; expected "
                f"finite numbers, more than 0 and more than {d - 1}."
            )
        kind = "diag" if diagonal else "tied"
        checked_covariances(scale[None] if diagonal else scale, "the prior's scale", kind)
        cholesky_factors(scale[None] if diagonal else scale, kind)
        return self._replace(mean=mean, scale=scale)

    def mode(self, summary: Summary, deltas: Array, covariance_type: str) -> tuple[Array, Array]:
        """Return means and covariances at the mode of the posterior."""
        counts, kappa, nu = summary.counts, self.shrinkage, self.degrees_of_freedom
        averages = summary.origins + deltas
        away = averages - self.mean
        pull = kappa * counts / (kappa + counts)
        means = self.mean + away * (counts / (kappa + counts))[:, None]
        k, d = means.shape
        diagonal = self.diagonal
        if covariance_type == "full":
            scatter = summary.seconds - counts[:, None, None] * deltas[:, :, None] * deltas[:, None, :]
            scatter += self.scale + pull[:, None, None] * away[:, :, None] * away[:, None, :]
            return means, scatter / (nu + d + 2 + counts)[:, None, None]
        if covariance_type == "tied":
            scatter = summary.seconds - (deltas.T * counts) @ deltas + self.scale + (away.T * pull) @ away
            return means, (scatter + scatter.T) / 2 / (nu + d + 1 + k + counts.sum())
        if covariance_type == "diag":
            scatter = summary.seconds - counts[:, None] * deltas**2 + diagonal + pull[:, None] * away**2
            return means, scatter / (nu + 3 + counts)[:, None]
        scatter = summary.seconds - counts * (deltas**2).sum(axis=1) + diagonal.mean() + pull * (away**2).sum(axis=1)
        return means, scatter / (nu + 2 + d + d * counts)

    def log_density(self, parameters: Parameters, covariance_type: str) -> float:
        """Log density of the means and covariances, up to a constant."""
        _, means, covariances = parameters
        nu, away = self.degrees_of_freedom, means - self.mean
        k, d = means.shape
        if covariance_type == "full":
            scatter = self.scale + self.shrinkage * away[:, :, None] * away[:, None, :]
            logs = np.linalg.slogdet(covariances)[1]
            traces = np.trace(np.linalg.solve(covariances, scatter), axis1=1, axis2=2)
            return -0.5 * float(((nu + d + 2) * logs + traces).sum())
        if covariance_type == "tied":
            scatter = self.scale + self.shrinkage * away.T @ away
            logs = np.linalg.slogdet(covariances)[1]
            return -0.5 * float((nu + d + 1 + k) * logs + np.trace(np.linalg.solve(covariances, scatter)))
        if covariance_type == "diag":
            scatter = self.diagonal + self.shrinkage * away**2
            return -0.5 * float(((nu + 3) * np.log(covariances) + scatter / covariances).sum())
        scatter = self.diagonal.mean() + self.shrinkage * (away**2).sum(axis=1)
        return -0.5 * float(((nu + 2 + d) * np.log(covariances) + scatter / covariances).sum())


class MStep(NamedTuple):
    """The rule of the M step: the shape of the covariances, the floor of the variances, and a prior if any.

    ``floor``, shape (d,) or a number, is added to every variance; or, if ``bounded``, it is the bound below which
    no covariance may lie (`raised_to`). Called with a summary of all the data and the mixture of the E step, the
    rule returns the mixture that the sums ask for.
    """

    covariance_type: str
    floor: Array | float = 0.0
    prior: NormalInverseWishart | None = None
    bounded: bool = False

    def __call__(self, summary: Summary, previous: Parameters | None = None) -> Parameters:
        """Weighted maximum likelihood, or the mode of the posterior where there is a prior.

        A component that no point belongs to keeps its mean and covariance from ``previous`` and gets the
        weight 0.
        """
        counts = summary.counts
        total = np.add.reduce(counts)
        some_empty = np.minimum.reduce(counts) < _TINY
        divisors = np.where(counts < _TINY, 1.0, counts) if some_empty else counts
        # With delta = mean - origin: the scatter about the mean is the one about the origin less N delta delta'.
        deltas = summary.firsts / divisors[:, None]
        means = summary.origins + deltas
        kind = self.covariance_type
        if self.prior is not None:
            means, covariances = self.prior.mode(summary, deltas, kind)
        elif kind == "full":
            covariances = summary.seconds / divisors[:, None, None] - deltas[:, :, None] * deltas[:, None, :]
        elif kind == "tied":
            covariances = (summary.seconds - (summary.firsts.T @ deltas)) / total
            covariances = (covariances + covariances.T) / 2
        elif kind == "diag":
            covariances = summary.seconds / divisors[:, None] - deltas**2
        else:
            covariances = (summary.seconds / divisors - (deltas**2).sum(axis=1)) / means.shape[1]
        covariances = self.regularised(covariances)
        if some_empty and previous is not None and self.prior is None:
            empty = counts < _TINY
            means[empty] = previous.means[empty]
            if kind != "tied":
                covariances[empty] = previous.covariances[empty]
        return Parameters(counts / total, means, covariances)

    def regularised(self, covariances: Array) -> Array:
        """Return the covariances with the floor added, or raised to it."""
        if self.bounded:
            return raised_to(np.asarray(self.floor), covariances, self.covariance_type)
        return add_to_diagonal(covariances, self.floor, self.covariance_type)

    def admitted(self, parameters: Parameters) -> Parameters:
        """Return the mixture, its covariances raised to the floor if that is a bound."""
        if not self.bounded:
            return parameters
        return parameters._replace(covariances=self.regularised(parameters.covariances))

    def log_prior(self, parameters: Parameters) -> float:
        """Return what the prior adds to the log-likelihood, up to a constant; 0 without one."""
        return 0.0 if self.prior is None else self.prior.log_density(parameters, self.covariance_type)
