"""The M step's rule, from what the user said of the floor and of a prior."""

import numpy as np

from course_lib.mixture.climbing.floor import within_floor
from course_lib.mixture.covariances import Array
from course_lib.mixture.dependent import ROUNDING
from course_lib.mixture.one_pass.summaries import MStep, NormalInverseWishart
from course_lib.mixture.one_pass.survey import Survey


def rules(
    kind: str,
    reg_covar: float | str,
    prior: str | NormalInverseWishart | None,
    k: int,
    known: Survey,
    rows: Array,
    w: Array | None,
    floors: dict[int, Array] | None = None,
) -> tuple[MStep, MStep]:
    """Return the rule of the M step, and that of starts, which a floor holds even where there is a prior.

    ``known`` is the survey of all data, ``rows`` (n, d) and ``w`` (n,) are those that a start looks at.
    ``floors``, by the number of components, are shared by models of the same rows.
    """
    automatic, d = isinstance(reg_covar, str), len(known.mean)
    if automatic or isinstance(prior, str):
        floors = {} if floors is None else floors
        if k not in floors:
            floors[k] = within_floor(rows, w, k, known)
        narrow = floors[k]
    floor = narrow if automatic else np.full(d, float(reg_covar))
    if prior is None:
        return (MStep(kind, floor, bounded=automatic),) * 2
    if isinstance(prior, str):
        least = np.maximum(narrow, ROUNDING * known.variances)  # or columns that nearly repeat others make it singular
        covariance = known.scatter / known.total + (least if known.scatter.ndim == 1 else np.diag(least))
        prior = NormalInverseWishart.of_data(known.mean, covariance, k)
    prior = prior.checked(d, kind)
    # With a prior a number is a bound, too: where it was added, the posterior would fall.
    bounded = MStep(kind, floor, prior, bounded=bool(floor.min() > 0))
    return bounded._replace(floor=0.0, bounded=False) if automatic else bounded, bounded
