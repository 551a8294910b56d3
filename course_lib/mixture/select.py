"""Which model? A table of all of them, and the best that is not an illusion.

More components always fit better, so the likelihood alone cannot choose their number. BIC and AIC charge for
each free parameter, ICL also for overlap. But a criterion believes the likelihood, and the likelihood of a
component that has collapsed onto a few equal values is as high as the floor of its variance is low: on Old
Faithful, whose waiting times are whole minutes, five diagonal components win so, falsely. Such models stand in the
table, and are never the best.
"""

import importlib
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from course_lib.mixture import criteria
from course_lib.mixture.covariances import COVARIANCE_TYPES
from course_lib.mixture.estimator import DegenerateWarning
from course_lib.mixture.gaussian_mixture import GaussianMixture

CRITERIA = ("bic", "aic", "icl")
# How each covariance type is drawn: a colour (of Okabe and Ito, which all can tell apart), a mark and a line.
LOOKS = {
    "full": ("#0072B2", "o", "-"),
    "tied": ("#D55E00", "s", "--"),
    "diag": ("#009E73", "^", ":"),
    "spherical": ("#E69F00", "D", "-."),
}


class Candidate(NamedTuple):
    """One model of the table: what it is, what the criteria say, and the fitted mixture."""

    covariance_type: str
    n_components: int
    bic: float
    aic: float
    icl: float
    log_likelihood: float
    degenerate: bool
    mixture: GaussianMixture | None

    def __repr__(self) -> str:
        mark = "  degenerate" if self.degenerate else ""
        return (
            f"{self.covariance_type:<10} K = {self.n_components:<3} BIC {self.bic:10.1f}  AIC {self.aic:10.1f}  "
            f"ICL {self.icl:10.1f}  log L {self.log_likelihood:10.1f}{mark}"
        )


@dataclass(frozen=True)
class Selection:
    """The models that were compared.

    Attributes
    ----------
    table : list of Candidate
        One row a model, best first by the criterion, degenerate ones last.
    criterion : str
        "bic", "aic" or "icl".
    """

    table: list[Candidate]
    criterion: str

    @property
    def best(self) -> GaussianMixture:
        """The fitted mixture with the lowest criterion among those that are not degenerate."""
        mixture = self.table[0].mixture
        if self.table[0].degenerate or mixture is None:
            raise ValueError(
                "Every model is degenerate; expected at least one without a collapsed or empty component. Try fewer "
                'components, more starts (n_init), or prior="auto".'
            )
        return mixture

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.table))

    def plot(self, axes: Any = None) -> Any:
        """Draw the criterion against the number of components, a line for each covariance type.

        The chosen model has a ring around it. Degenerate models are hollow, and no line goes through them. Models that
        could not be fitted have no value and are left out.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
            Where to draw; if it is not given, a new figure of pyplot, which needs matplotlib.

        Returns
        -------
        matplotlib.axes.Axes
            For titles and limits.

        Examples
        --------
        >>> X = [[0.0], [0.5], [1.0], [1.5], [7.0], [7.5], [8.0], [8.5]]
        >>> axes = select_mixture(X, [1, 2], ["tied"], random_state=0).plot()
        >>> axes.get_xlabel(), axes.get_ylabel()
        ('components K', 'BIC (lower is better)')
        """
        if axes is None:
            axes = importlib.import_module("matplotlib.pyplot").figure().add_subplot()
        numbers = sorted({row.n_components for row in self.table})
        for kind, (colour, mark, line) in LOOKS.items():
            rows = sorted((row for row in self.table if row.covariance_type == kind), key=lambda row: row.n_components)
            if not rows:
                continue
            values = {row.n_components: getattr(row, self.criterion) for row in rows if row.mixture is not None}
            sound = [row.n_components for row in rows if not row.degenerate]
            hollow = [row.n_components for row in rows if row.degenerate and row.n_components in values]
            style = {"marker": mark, "color": colour, "markersize": 6}
            axes.plot(sound, [values[k] for k in sound], linestyle=line, label=kind, **style)
            axes.plot(hollow, [values[k] for k in hollow], linestyle="none", markerfacecolor="none", **style)
        chosen = self.table[0]
        if not chosen.degenerate:
            at = getattr(chosen, self.criterion)
            axes.plot(
                [chosen.n_components], [at], "o", color="black", markersize=14, fillstyle="none", linestyle="none"
            )
        axes.set(xlabel="components K", ylabel=f"{self.criterion.upper()} (lower is better)", xticks=numbers)
        axes.legend(title="covariances")
        return axes


def select_mixture(
    X: ArrayLike,
    n_components: Iterable[int] = range(1, 7),
    covariance_types: Iterable[str] = COVARIANCE_TYPES,
    criterion: str = "bic",
    **parameters: Any,
) -> Selection:
    """Fit a mixture of each number of components and each covariance type, and compare them.

    Parameters
    ----------
    X : array_like, shape (n, d)
        The points.
    n_components : iterable of int
        The numbers K to try.
    covariance_types : iterable of str
        The covariance types to try.
    criterion : "bic", "aic" or "icl"
        By which the best is chosen; the lower the better.
    **parameters
        Further arguments of `GaussianMixture`, such as ``random_state`` or ``n_init``.

    Returns
    -------
    Selection
        With ``.table`` and ``.best``; printed, it shows the table.

    Raises
    ------
    ValueError
        If the criterion is unknown, or there is nothing to try.

    Warns
    -----
    DegenerateWarning
        If a degenerate model would have had the lowest criterion.

    References
    ----------
    Schwarz: Estimating the dimension of a model. Annals of Statistics 6 (1978) 461-464. Biernacki, Celeux and
    Govaert: Assessing a mixture model for clustering with the integrated completed likelihood. IEEE
    Transactions on Pattern Analysis and Machine Intelligence 22 (2000) 719-725.

    Examples
    --------
    >>> X = [[0.0], [0.5], [1.0], [1.5], [7.0], [7.5], [8.0], [8.5]]
    >>> select_mixture(X, [1, 2], ["tied"], random_state=0).best.n_components
    2
    """
    if criterion not in CRITERIA:
        raise ValueError(f"criterion is {criterion!r}; expected one of {', '.join(CRITERIA)}.")
    numbers = list(n_components)
    table = [_candidate(X, k, kind, parameters) for kind in covariance_types for k in numbers]
    if not table:
        raise ValueError("There is nothing to try; expected at least one number of components and covariance type.")
    table.sort(key=lambda row: (row.degenerate, getattr(row, criterion)))
    lowest = min(table, key=lambda row: getattr(row, criterion))
    if lowest.degenerate and not table[0].degenerate:
        warnings.warn(
            f"{lowest.covariance_type} with K = {lowest.n_components} has the lowest {criterion} "
            f"({getattr(lowest, criterion):.1f}) but a collapsed component: its likelihood depends on reg_covar and "
            f"not on the data. The best is {table[0].covariance_type} with K = {table[0].n_components}.",
            DegenerateWarning,
            stacklevel=2,
        )
    return Selection(table, criterion)


def _candidate(X: ArrayLike, k: int, covariance_type: str, parameters: dict[str, Any]) -> Candidate:
    mixture = GaussianMixture(k, covariance_type=covariance_type, **parameters)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DegenerateWarning)
            mixture.fit(X)
    except ValueError as error:
        if "failed" not in str(error):  # a collapse is a result; a wrong argument is not
            raise
        worst = float("inf")
        return Candidate(covariance_type, k, worst, worst, worst, -worst, True, None)
    log_densities, entropies = mixture._densities_and_entropies(X)  # one pass for all criteria
    number = mixture._n_parameters()
    bic, aic = criteria.bic(log_densities, None, number), criteria.aic(log_densities, None, number)
    icl = bic + 2 * criteria.total(entropies, None)
    degenerate = bool(mixture.degenerate_)
    return Candidate(covariance_type, k, bic, aic, icl, float(log_densities.sum()), degenerate, mixture)
