"""Random mixtures that several tests of `course_lib.mixture` share."""

import numpy as np

from course_lib.datasets import load_old_faithful
from course_lib.mixture import m_step
from course_lib.mixture.covariances import COVARIANCE_TYPES
from course_lib.mixture.one_pass.blocks import Sweeps
from course_lib.mixture.one_pass.summaries import MStep, Parameters
from course_lib.mixture.one_pass.survey import survey

TYPES = list(COVARIANCE_TYPES)


def random_covariances(random, covariance_type, k, d):
    factors = random.normal(size=(k, d, d))
    full = factors @ factors.transpose(0, 2, 1) + 0.5 * np.eye(d)  # no oracle has to fight with conditioning
    return {
        "full": full,
        "tied": full.mean(axis=0),
        "diag": np.einsum("kii->ki", full).copy(),
        "spherical": np.einsum("kii->k", full) / d,
    }[covariance_type]


def as_matrices(covariances, covariance_type, k, d):
    """Write out each covariance as a matrix: one line a type, to be seen at a glance."""
    return {
        "full": lambda: covariances,
        "tied": lambda: np.array([covariances] * k),
        "diag": lambda: np.array([np.diag(row) for row in covariances]),
        "spherical": lambda: np.array([v * np.eye(d) for v in covariances]),
    }[covariance_type]()


def problem(seed, covariance_type="full", n=200, d=3, k=4, spread=3.0):
    """Return points drawn from a random mixture, and parameters of another as a start."""
    random = np.random.RandomState(seed)
    centres = spread * random.normal(size=(k, d))
    X = centres[random.randint(k, size=n)] + random.normal(size=(n, d)) @ (random.normal(size=(d, d)) + np.eye(d))
    weights = random.dirichlet(np.full(k, 5.0))
    means = X[random.choice(n, k, replace=False)] + 0.1 * random.normal(size=(k, d))
    return X, weights, means, random_covariances(random, covariance_type, k, d)


def soft_start(seed, X, covariance_type, k):
    """Return parameters that come from random soft responsibilities: all components wide, none near a point."""
    r = np.random.RandomState(seed).dirichlet(np.ones(k), size=len(X))
    return m_step(X, r, covariance_type)


def sweeps(X, covariance_type, w=None, pieces=1):
    cut = np.array_split(np.arange(len(X)), pieces)

    def blocks():
        return ((X[c], None if w is None else w[c]) for c in cut)

    known = survey(blocks())
    return Sweeps(blocks, covariance_type, known.mean, known.low, known.high, known.scatter)


def trajectory(data, start, floor, count):
    parameters, found = Parameters(*start), []
    for _ in range(count):
        log_likelihood, new = data.step(parameters, MStep(data.covariance_type, floor))
        found.append((log_likelihood, parameters))
        parameters = new
    return found


def standard_sets():
    """Return six sets of rows that mixtures are tried on, each with a number of components."""
    from sklearn import datasets
    from sklearn.decomposition import PCA

    wide = datasets.load_breast_cancer().data
    spread = np.random.RandomState(0)
    drawn = 3 * spread.normal(size=(5, 4))[spread.randint(5, size=1000)] + spread.normal(size=(1000, 4))
    return {
        "iris": (datasets.load_iris().data, 3),
        "Old Faithful": (load_old_faithful(), 2),
        "drawn": (drawn, 5),
        "digits": (PCA(10, random_state=0).fit_transform(datasets.load_digits().data), 10),
        "wine": (datasets.load_wine().data, 3),
        "breast cancer": ((wide - wide.mean(axis=0)) / wide.std(axis=0), 2),
    }


class Table:
    """What of a table of pandas an estimator looks at: named columns, an index, and an array."""

    def __init__(self, values, columns, index=None, copy=False):
        self.values, self.columns, self.index = np.asarray(values), list(columns), index

    def __array__(self, dtype=None, copy=None):
        return self.values
