"""What a mixture costs: the criteria by which models of different size are compared.

More components always fit better, so the likelihood alone cannot choose their number. Each criterion is
minus twice the log-likelihood, plus a price for each of the p free parameters; the lower the better. Points
that count w times are w points: n is the sum of the weights.
"""

import numpy as np

from course_lib.mixture.covariances import Array


def bic(log_densities: Array, w: Array | None, parameters: int) -> float:
    """Bayesian information criterion, ``p log n - 2 log L`` (Schwarz 1978), of densities (n,) and weights (n,)."""
    points = len(log_densities) if w is None else w.sum()
    return float(parameters * np.log(points) - 2 * total(log_densities, w))


def aic(log_densities: Array, w: Array | None, parameters: int) -> float:
    """Akaike's information criterion, ``2 p - 2 log L`` (Akaike 1974)."""
    return float(2 * parameters - 2 * total(log_densities, w))


def entropies(log_responsibilities: Array) -> Array:
    """Entropy of each point's responsibilities (k, n), shape (n,): 0 where its component is certain.

    Twice their sum is what ICL adds to BIC.
    """
    logs = np.where(np.isneginf(log_responsibilities), 0.0, log_responsibilities)
    return np.asarray(-(np.exp(log_responsibilities) * logs).sum(axis=0))


def total(values: Array, w: Array | None) -> float:
    """Return the sum of values (n,), each counted as often as its weight says."""
    return float(values.sum() if w is None else w @ values)
