"""Components that say nothing about the data: collapsed onto the floor of the variances, or without points.

A component is as narrow as the floor if its points lie in one place, or on a line. That is a collapse, and its
likelihood says how low the floor is. But if all the data lie on a line, each component does, too: a constant column, or
one that repeats another in a different unit, says nothing against a component. So a component is judged in those
directions alone in which the data themselves have a width. Where they have none at all, each component has collapsed.
"""

import numpy as np

from course_lib.mixture.covariances import MATRICES, Array, is_definite
from course_lib.mixture.one_pass.summaries import Parameters
from course_lib.mixture.one_pass.survey import Survey

FLOORED = 10.0  # a variance below this many times the floor says more about reg_covar than about the data
ANEW = 3  # more starts where a component has collapsed on the way from each: other ways may end on sound summits
SINGULAR = 1e-10  # of a feature's variance: what a combination of features has less of is rounding


class Collapse:
    """Tells which components of a mixture have collapsed.

    Parameters
    ----------
    floor : ndarray, shape (d,)
        The floor of the variances.
    bounded : bool
        Whether the floor follows the data's own spread; else it is a number that was added to every variance.
    known : Survey
        Of the data.
    covariance_type : "full", "tied", "diag" or "spherical"
        What shape the covariances have.
    """

    def __init__(self, floor: Array, bounded: bool, known: Survey, covariance_type: str):
        self.floor, self.covariance_type = floor, covariance_type
        width = FLOORED * floor if bounded else SINGULAR * known.variances
        wide = known.variances > width
        self._one_place = not wide.any()  # where all the data lie
        self._wide = wide | self._one_place
        self._known, self._bounded = known, bounded
        self._directions: Array | None = None

    def of(self, parameters: Parameters) -> dict[int, str]:
        """Return what is wrong with each degenerate component, by its number."""
        said = {}
        lowest = np.broadcast_to(self._lowest(parameters.covariances), len(parameters.weights))
        for j, weight in enumerate(parameters.weights):
            if weight < np.finfo(float).eps:
                said[j] = f"component {j} has no points (weight {weight:.3g})"
            elif lowest[j] < FLOORED:
                said[j] = f"component {j} has collapsed: its smallest variance is {lowest[j]:.3g} times reg_covar's"
        return said

    def came_between(self, start: Parameters, end: Parameters) -> bool:
        """Whether a component of this end has collapsed, and none had at the start: elsewhere, none may."""
        return bool(self.of(end)) and not self.of(start)

    def narrow(self, covariances: Array) -> np.ndarray:
        """Whether each of these covariances, however many, is on the floor."""
        if self.covariance_type in MATRICES and is_definite(covariances - np.diag(FLOORED * self.floor)):
            return np.zeros(len(covariances), dtype=bool)  # in no direction, as nearly always
        return np.asarray(self._lowest(covariances) < FLOORED)

    def _lowest(self, covariances: Array) -> Array:
        """Return the smallest variance of each covariance relative to the floor, where the data have a width."""
        if not (self.floor > 0).all():
            return np.asarray(np.inf)
        if self.covariance_type == "spherical":
            return covariances / self.floor.mean()
        if self.covariance_type == "diag":
            ratios = covariances[:, self._wide] / self.floor[self._wide]
            return np.asarray(ratios.min(axis=1, initial=np.inf))
        unit = np.sqrt(self.floor)
        if self._directions is None:
            self._directions = self._wide_directions(unit)
        matrices = self._directions.T @ (covariances / (unit[:, None] * unit)) @ self._directions
        return np.asarray(np.linalg.eigvalsh(matrices)[..., 0])

    def _wide_directions(self, unit: Array) -> Array:
        """Return a basis (d, m) of the directions, in units of the floor, in which the data have a width."""
        d = len(unit)
        if self._one_place or self._known.n <= d:  # so few rows are singular whatever the features are
            return np.eye(d)[:, self._wide]
        covariance = self._known.scatter / self._known.total / (unit[:, None] * unit)
        if self._bounded:
            values, vectors = np.linalg.eigh(covariance)
            return np.asarray(vectors[:, values > FLOORED])
        spread = np.sqrt(np.where(self._wide, np.diag(covariance), 1.0))
        values, vectors = np.linalg.eigh(covariance / (spread[:, None] * spread))
        narrow = vectors[:, values <= SINGULAR] / spread[:, None]
        return np.asarray(np.linalg.qr(narrow, mode="complete")[0][:, narrow.shape[1] :])
