"""Gaussian mixtures: EM as it stands on the blackboard, the same at speed, and k-means as its limit.

Read `em` first: it is the lecture as a program, and all that follows gives the same numbers. Then `nearest.lloyd` and
`kmeans`, its hard limit; `one_pass.summaries` and `one_pass.centred`, the M step from a few sums and the plainest sweep
that makes them; `climbing.climb`, sweep after sweep; and `gaussian_mixture`, where it all comes together as an object.
`density` is what a fitted mixture can be asked (`criteria`, `conditioning`), `select` chooses between several,
`bootstrapping` tells how sure one is, `missing` fits points of which some entries were not seen. The rest of `one_pass`
and of `nearest` is speed alone, and the rest of `climbing` finds a start and the shortest way from it. All stands on
`covariances` and `arguments`; `dependent` finds columns that say nothing of their own, and `estimator` has the manners
of scikit-learn.
"""

from course_lib.mixture.bootstrapping import Bootstrap, LikelihoodRatio, bootstrap, likelihood_ratio_test
from course_lib.mixture.em import MixtureState, e_step, em_iterations, log_gaussian, m_step
from course_lib.mixture.estimator import ConvergenceWarning, DegenerateWarning, NotFittedError
from course_lib.mixture.gaussian_mixture import GaussianMixture
from course_lib.mixture.kmeans import KMeans
from course_lib.mixture.one_pass.summaries import NormalInverseWishart
from course_lib.mixture.select import Candidate, Selection, select_mixture

__all__ = [
    "Bootstrap",
    "Candidate",
    "ConvergenceWarning",
    "DegenerateWarning",
    "GaussianMixture",
    "KMeans",
    "LikelihoodRatio",
    "MixtureState",
    "NormalInverseWishart",
    "NotFittedError",
    "Selection",
    "bootstrap",
    "e_step",
    "em_iterations",
    "likelihood_ratio_test",
    "log_gaussian",
    "m_step",
    "select_mixture",
]
