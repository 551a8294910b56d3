"""Clusters that were drawn from a mixture which we know, so that an answer can be held against the truth.

Each function draws from a seeded ``RandomState``, whose stream NumPy promises never to change: a
picture, a number in the prose and a test see the same points in every version. The labels say which
component drew a point; a clustering method does not see them.
"""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Labels = NDArray[np.int64]


def three_overlapping_clusters(n: int = 300, seed: int = 14) -> tuple[Points, Labels]:
    """Three elongated clusters in the plane, so close that no line parts them.

    The weights are 0.5, 0.3 and 0.2, the means (0, 0), (2.5, 1) and (0.5, 3). EM needs some twenty
    iterations here, where Old Faithful is done after six: each of them can be watched.

    Parameters
    ----------
    n : int
        The number of points, at least 1.
    seed : int
        The seed of the draw.

    Returns
    -------
    X : ndarray, shape (n, 2)
        The points, without unit.
    labels : ndarray of int, shape (n,)
        The component, 0, 1 or 2, that drew each point.

    Raises
    ------
    ValueError
        If n is not a positive whole number.

    Examples
    --------
    >>> X, labels = three_overlapping_clusters()
    >>> X.shape, np.bincount(labels)
    ((300, 2), array([168,  80,  52]))
    """
    covariances = [[[1.0, 0.6], [0.6, 0.8]], [[0.6, -0.5], [-0.5, 1.2]], [[1.2, 0.3], [0.3, 0.4]]]
    return _draw(n, seed, [0.5, 0.3, 0.2], [[0.0, 0.0], [2.5, 1.0], [0.5, 3.0]], covariances)


def narrow_beside_wide(n: int = 300, seed: int = 11) -> tuple[Points, Labels]:
    """Two clusters whose distances deceive: a narrow one stands in the skirts of a wide one.

    Both weigh 0.5. The wide one is spherical about (0, 0) with standard deviation 2, the narrow one about
    (3.5, 0) with standard deviation 0.3. Many points of the wide one are nearer to the narrow one's
    centre, so that the nearest centre is the wrong answer, whatever the centres.

    Parameters
    ----------
    n : int
        The number of points, at least 1.
    seed : int
        The seed of the draw.

    Returns
    -------
    X : ndarray, shape (n, 2)
        The points, without unit.
    labels : ndarray of int, shape (n,)
        0 for the wide cluster, 1 for the narrow one.

    Raises
    ------
    ValueError
        If n is not a positive whole number.

    Examples
    --------
    >>> X, labels = narrow_beside_wide()
    >>> print(f"{X[labels == 0].std():.1f} {X[labels == 1][:, 1].std():.1f}")
    2.1 0.3
    """
    covariances = [[[4.0, 0.0], [0.0, 4.0]], [[0.09, 0.0], [0.0, 0.09]]]
    return _draw(n, seed, [0.5, 0.5], [[0.0, 0.0], [3.5, 0.0]], covariances)


def two_clusters_on_a_line(n: int = 200, seed: int = 15) -> tuple[Points, Labels]:
    """Two clusters in one dimension, both of variance 1, for EM that learns the means only.

    The weights are 0.4 and 0.6, the means -1.5 and 2: two parameters, so that the likelihood is a
    surface which can be drawn.

    Parameters
    ----------
    n : int
        The number of points, at least 1.
    seed : int
        The seed of the draw.

    Returns
    -------
    X : ndarray, shape (n, 1)
        The points, without unit.
    labels : ndarray of int, shape (n,)
        0 for the left cluster, 1 for the right one.

    Raises
    ------
    ValueError
        If n is not a positive whole number.

    Examples
    --------
    >>> X, labels = two_clusters_on_a_line()
    >>> X.shape
    (200, 1)
    """
    return _draw(n, seed, [0.4, 0.6], [[-1.5], [2.0]], [[[1.0]], [[1.0]]])


def _draw(n: int, seed: int, weights: list, means: list, covariances: list) -> tuple[Points, Labels]:
    """Tell the mixture's story: choose a component by its weight, then a point from its Gaussian."""
    if not isinstance(n, (int, np.integer)) or n < 1:
        raise ValueError(f"n is {n!r}; expected the number of points to draw, a whole number of at least 1.")
    random = np.random.RandomState(seed)
    labels = random.choice(len(weights), size=n, p=weights).astype(np.int64)
    noise = random.standard_normal((n, len(means[0])))
    factors = np.linalg.cholesky(np.array(covariances))
    return np.array(means)[labels] + np.einsum("nij,nj->ni", factors[labels], noise), labels
