"""What a mixture costs: the criteria by which models of different size are compared.

More components always fit better, so the likelihood alone cannot choose their number. Each criterion is
minus twice the log-likelihood, plus a price for each of the p free parameters; the lower the better. Points
that count w times are w points: n is the sum of the weights. Where that is 1 or less, log n is no price: such
weights are refused.
"""

import numpy as np

from course_lib.mixture.covariances import Array

ROUNDING = 1e-9  # of a sum of weights


def bic(log_densities: Array, w: Array | None, parameters: int) -> float:
    """Bayesian information criterion, ``p log n - 2 log L`` (Schwarz 1978), of densities (n,) and weights (n,)."""
    refuse_parts(w)
    points = len(log_densities) if w is None else w.sum()
    return float(parameters * np.log(points) - 2 * total(log_densities, w))


def aic(log_densities: Array, w: Array | None, parameters: int) -> float:
    """Akaike's information criterion, ``2 p - 2 log L`` (Akaike 1974), of densities (n,) and weights (n,)."""
    refuse_parts(w)
    return float(2 * parameters - 2 * total(log_densities, w))


def refuse_parts(w: Array | None) -> None:
    """Raise ValueError if no weight is a whole point and all together are not two: no sample has so few points."""
    if w is not None and w.max() < 1 and w.sum() < 2 - ROUNDING:
        raise too_few_counted(w, 2)


def too_few_counted(w: Array, least: int) -> ValueError:
    """Return the error that weights of points, which count how often each is there, sum to less than so many points."""
    return ValueError(
        f"sample_weight sums to {w.sum():.3g} points; expected at least {least}, because a weight says how often its "
        "point counts. Weights that are right up to a factor write as sample_weight * len(sample_weight) / "
        "sample_weight.sum()."
    )


def entropies(log_responsibilities: Array) -> Array:
    """Entropy of each point's responsibilities (k, n), shape (n,): 0 where its component is certain.

    Twice their sum is what ICL adds to BIC.
    """
    logs = np.where(np.isneginf(log_responsibilities), 0.0, log_responsibilities)
    return np.asarray(-(np.exp(log_responsibilities) * logs).sum(axis=0))


def total(values: Array, w: Array | None) -> float:
    """Return the sum of values (n,), each counted as often as its weight says."""
    with np.errstate(over="ignore"):  # points whose density is below all numbers: of several the sum is, too
        return float(values.sum() if w is None else w @ values)
