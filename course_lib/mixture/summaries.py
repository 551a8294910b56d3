"""What the M step needs to know of the data, and nothing else: a few sums.

The weights, means and covariances of the next mixture depend on the points only through
``N_k = sum_n r_nk``, ``sum_n r_nk (x_n - s_k)`` and ``sum_n r_nk (x_n - s_k)(x_n - s_k)'``: sufficient
statistics. Sums of blocks of rows add up to the sums of all rows, so that the data may be read block by
block, by several readers, or from a file. The origin s_k matters: about 0, points near 1e8 would leave no
digit for their spread. Any origin near the points will do; the shift theorem moves it to the mean.
"""

from typing import NamedTuple

import numpy as np

from course_lib.mixture.covariances import Array, add_to_diagonal


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


def estimate(
    summary: Summary, covariance_type: str, floor: Array | float, previous: Parameters | None = None
) -> Parameters:
    """M step: the mixture that the sums ask for.

    Parameters
    ----------
    summary : Summary
        Of all the data.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape of covariances to fit.
    floor : ndarray, shape (d,), or float
        Added to every variance.
    previous : Parameters, optional
        The mixture of the E step. A component that no point belongs to keeps its mean and covariance, and
        gets the weight 0.
    """
    counts = summary.counts
    total = counts.sum()
    empty = counts < np.finfo(float).tiny
    some_empty = empty.any()
    divisors = np.where(empty, 1.0, counts) if some_empty else counts
    # With delta = mean - origin: the scatter about the mean is the one about the origin less N delta delta'.
    deltas = summary.firsts / divisors[:, None]
    means = summary.origins + deltas
    if covariance_type == "full":
        covariances = summary.seconds / divisors[:, None, None] - deltas[:, :, None] * deltas[:, None, :]
    elif covariance_type == "tied":
        covariances = (summary.seconds - (summary.firsts.T * (counts / divisors)) @ deltas) / total
        covariances = (covariances + covariances.T) / 2
    elif covariance_type == "diag":
        covariances = summary.seconds / divisors[:, None] - deltas**2
    else:
        covariances = (summary.seconds / divisors - (deltas**2).sum(axis=1)) / means.shape[1]
    covariances = add_to_diagonal(covariances, floor, covariance_type)
    if some_empty and previous is not None:
        means[empty] = previous.means[empty]
        if covariance_type != "tied":
            covariances[empty] = previous.covariances[empty]
    return Parameters(counts / total, means, covariances)
