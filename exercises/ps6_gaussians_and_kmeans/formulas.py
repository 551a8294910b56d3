"""The formulas of problem set 6 in plain NumPy, with a place for each slip."""

import itertools

import numpy as np

from course_lib.mixture import log_gaussian, m_step

# --- The log density ------------------------------------------------------------------------------------------------


def log_density(points, mean, covariance):
    return log_gaussian(points, mean[None], covariance[None])[:, 0]


def parts_of(points, mean, covariance):
    """Return what the formula is made of: d log 2 pi, log |Sigma|, and the squared distance of each point."""
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    return len(mean) * np.log(2 * np.pi), 2 * np.log(np.diag(L)).sum(), (z**2).sum(axis=0)


def with_distance(squared):
    """Make the mistake that takes another squared distance; `squared` gets the deviations (d, n) and Sigma."""

    def mistaken(points, mean, covariance):
        constant, log_determinant, _ = parts_of(points, mean, covariance)
        return -(constant + log_determinant + squared((points - mean).T, covariance)) / 2

    return mistaken


def with_parts(formula):
    """Make the mistake that puts the right parts together in a wrong way."""
    return lambda points, mean, covariance: formula(*parts_of(points, mean, covariance), len(mean))


def with_log_determinant(wrong):
    return lambda points, mean, covariance: (
        log_density(points, mean, covariance) + (np.linalg.slogdet(covariance)[1] - wrong(covariance)) / 2
    )


def squares(z):
    return (z**2).sum(axis=0)


def variances_alone(points, mean, covariance):
    return log_density(points, mean, np.diag(np.diag(covariance)))


def root_missing(points, mean, covariance):
    """Sigma stands where a root of it belongs: z = Sigma^-1 (x - mu), and |Sigma| for |Sigma|^(1/2)."""
    constant, log_determinant, _ = parts_of(points, mean, covariance)
    return -constant / 2 - log_determinant - squares(np.linalg.solve(covariance, (points - mean).T)) / 2


def table_of_pairs(points, mean, covariance):
    constant, log_determinant, _ = parts_of(points, mean, covariance)
    deviations = points - mean
    return -(constant + log_determinant + deviations @ np.linalg.solve(covariance, deviations.T)) / 2


def far_and_many(formula):
    """Make of a formula for one set of points the answer of the probe below."""

    def answer(far, far_mean, far_covariance, many, many_mean, many_covariance):
        with np.errstate(all="ignore"):
            return {
                "far points": formula(points=far, mean=far_mean, covariance=far_covariance),
                "many features": formula(points=many, mean=many_mean, covariance=many_covariance),
            }

    return answer


def through_the_determinant(points, mean, covariance):
    constant, _, squared = parts_of(points, mean, covariance)
    return -(constant + np.log(np.linalg.det(covariance)) + squared) / 2


def through_the_exponential(points, mean, covariance):
    constant, log_determinant, squared = parts_of(points, mean, covariance)
    return np.log(np.exp(-squared / 2)) - (constant + log_determinant) / 2


def through_the_density(points, mean, covariance):
    constant, _, squared = parts_of(points, mean, covariance)
    return np.log(np.exp(-squared / 2) / np.sqrt(np.exp(constant) * np.linalg.det(covariance)))


# --- One Gaussian ---------------------------------------------------------------------------------------------------


def with_covariance(wrong):
    """Make the mistake that gets the mean right and the covariance wrong; `wrong` gets points and deviations."""
    return lambda points: (points.mean(axis=0), wrong(points, points - points.mean(axis=0)))


# --- One Gaussian for each label ------------------------------------------------------------------------------------


def one_hot(labels, K):
    return (labels[:, None] == np.arange(K)).astype(float)


def fitted(points, labels, K):
    """The supervised estimates: the reference's M step with responsibilities that are 0 or 1."""
    return m_step(points, one_hot(labels, K))


def counts(labels, K):
    return one_hot(labels, K).sum(axis=0)


def sums(points, labels, K):
    return one_hot(labels, K).T @ points


def scatter(points, labels, centres):
    """Return for each label the sum of the products of its points' deviations from its centre."""
    deviations = points - centres[labels]
    return np.array([deviations[labels == k].T @ deviations[labels == k] for k in range(len(centres))])


def scatter_about_means(points, labels, K):
    return scatter(points, labels, fitted(points, labels, K)[1])


def per_count(values, labels, K):
    return values / counts(labels, K)[:, None, None]


# --- Lloyd's algorithm ----------------------------------------------------------------------------------------------


def squared_distances(points, centres):
    return ((points[:, None] - centres) ** 2).sum(axis=2)


def nearest(points, centres):
    return squared_distances(points, centres).argmin(axis=1)


def deviations(points, centres):
    return points[:, None] - centres


def moved(points, labels, centres):
    means = centres.astype(float)
    for k in np.unique(labels):
        means[k] = points[labels == k].mean(axis=0)
    return means


def empty_and_argument(row):
    """Make the answer of the probe below from the row that the empty centre gets."""
    return lambda points, labels, centres: {
        "shape": [*centres.shape],
        "the centre without points": row(points, centres, np.setdiff1d(np.arange(len(centres)), labels)[0]),
        "the array that was given, afterwards": centres,
    }


def caller_changed(points, labels, centres):
    return empty_and_argument(lambda points, centres, k: centres[k])(points, labels, centres) | {
        "the array that was given, afterwards": moved(points, labels, centres)
    }


def with_rows(kept):
    """Make the answer of the probe below where only the rows of some centres, ``kept(labels)``, are returned."""

    def answer(points, labels, centres):
        rows = moved(points, labels, centres)[kept(labels)]
        missing = np.setdiff1d(np.arange(len(centres)), labels)[0]
        return {
            "shape": [*rows.shape],
            "the centre without points": rows[missing] if missing < len(rows) else None,
            "the array that was given, afterwards": centres,
        }

    return answer


def rounds(points, centres):
    """Return the centres and labels of every round of Lloyd's algorithm, until no label changes."""
    history, labels = [], nearest(points, centres)
    while True:
        centres = moved(points, labels, centres)
        before, labels = labels, nearest(points, centres)
        history.append((centres, labels))
        if np.array_equal(before, labels):
            return history


def until_as_many(points, centres):
    """Stop where each centre owns as many points as before, though not the same."""
    history = rounds(points, centres)
    labels = [nearest(points, centres), *(labels for _, labels in history)]
    owned = itertools.pairwise(np.bincount(one, minlength=len(centres)) for one in labels)
    return next(end for end, pair in zip(history, owned, strict=True) if np.array_equal(*pair))


def with_points(centres, labels):
    """Return the same without those centres that have no points, the others numbered anew."""
    kept = np.unique(labels)
    return centres[kept], np.searchsorted(kept, labels)


def inertia_of(points, centres):
    return squared_distances(points, centres).min(axis=1).sum()


def after(number):
    """Make the mistake that runs a fixed number of rounds."""

    def answer(points, centres):
        history = rounds(points, centres)
        return history[min(number, len(history)) - 1]

    return answer


def until_hardly_better(gain):
    """Make the mistake that stops where a round has made the inertia less by less than this part of it."""

    def answer(points, centres):
        history = rounds(points, centres)
        heights = [inertia_of(points, moved_to) for moved_to, _ in history]
        small = [k for k in range(1, len(heights)) if heights[k] > (1 - gain) * heights[k - 1]]
        return history[small[0] if small else -1]

    return answer
