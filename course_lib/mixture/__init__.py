"""Gaussian mixtures: EM as it stands on the blackboard, the same at speed, and k-means as its limit."""

from course_lib.mixture.em import MixtureState, e_step, em_iterations, log_gaussian, m_step
from course_lib.mixture.estimator import ConvergenceWarning, DegenerateWarning, NotFittedError
from course_lib.mixture.gaussian_mixture import GaussianMixture
from course_lib.mixture.kmeans import KMeans
from course_lib.mixture.select import Candidate, Selection, select_mixture
from course_lib.mixture.summaries import NormalInverseWishart

__all__ = [
    "Candidate",
    "ConvergenceWarning",
    "DegenerateWarning",
    "GaussianMixture",
    "KMeans",
    "MixtureState",
    "NormalInverseWishart",
    "NotFittedError",
    "Selection",
    "e_step",
    "em_iterations",
    "log_gaussian",
    "m_step",
    "select_mixture",
]
