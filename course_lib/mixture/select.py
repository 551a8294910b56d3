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

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture import criteria
from course_lib.mixture.climbing.degenerate import FLOORED
from course_lib.mixture.climbing.floor import within_floor
from course_lib.mixture.climbing.rows import drawn_rows
from course_lib.mixture.climbing.short_runs import Beginning
from course_lib.mixture.covariances import COVARIANCE_TYPES, MATRICES, Array
from course_lib.mixture.dependent import dependent_columns, warn_of_dependent
from course_lib.mixture.estimator import CollapseError, DegenerateWarning, TooFewPoints, column_names, sample_weights
from course_lib.mixture.gaussian_mixture import GaussianMixture
from course_lib.mixture.missing import Incomplete
from course_lib.mixture.one_pass.survey import survey

CRITERIA = ("bic", "aic", "icl")
# How each covariance type is drawn: a colour (of Okabe and Ito, which all can tell apart), a mark and a line.
LOOKS = {
    "full": ("#0072B2", "o", "-"),
    "tied": ("#D55E00", "s", "--"),
    "diag": ("#009E73", "^", ":"),
    "spherical": ("#E69F00", "D", "-."),
}


class Candidate(NamedTuple):
    """One model of the table: what it is, what the criteria say, and the fitted mixture.

    Where no mixture could be fitted, ``mixture`` is None, the criteria are infinite, and ``reason`` says why.
    """

    covariance_type: str
    n_components: int
    bic: float
    aic: float
    icl: float
    log_likelihood: float
    degenerate: bool
    mixture: GaussianMixture | None
    reason: str = ""

    def __repr__(self) -> str:
        name = f"{self.covariance_type:<10} K = {self.n_components:<3}"
        if self.mixture is None:
            return f"{name} cannot be fitted: {self.reason}"
        mark = "  degenerate" if self.degenerate else ""
        return (
            f"{name} BIC {self.bic:10.1f}  AIC {self.aic:10.1f}  "
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
    columns : tuple of int
        The columns of X in which the models were compared: all but those that are constant or a combination of others.
        Where none is left, each model is degenerate.
    """

    table: list[Candidate]
    criterion: str
    columns: tuple[int, ...]

    @property
    def best(self) -> GaussianMixture:
        """The fitted mixture with the lowest criterion among those that are not degenerate."""
        mixture = self.table[0].mixture
        if self.table[0].degenerate or mixture is None:
            if not self.columns:
                raise ValueError(
                    "Every model is degenerate, since no column of X varies; expected at least one that does."
                )
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
    *,
    sample_weight: ArrayLike | None = None,
    **parameters: Any,
) -> Selection:
    """Fit a mixture of each number of components and each covariance type, and compare them.

    Columns that are constant, or a combination of others, say nothing for or against a model, and would make the
    covariances singular: they are left out of all models. The mixtures take X with or without them.

    Where there are more components than clusters, EM creeps, and most sweeps would go to models that are not chosen. So
    climbs that are long go on by leaps, as with ``accelerate="squarem"``.

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
    sample_weight : array_like, shape (n,), optional
        How often each point counts; their sum is the number of points.
    **parameters
        Further arguments of `GaussianMixture`, such as ``random_state`` or ``n_init``; ``accelerate=None`` is EM alone.

    Returns
    -------
    Selection
        With ``.table`` and ``.best``; printed, it shows the table.

    Raises
    ------
    TypeError
        If the numbers or the types are no iterable.
    ValueError
        If the criterion is unknown, there is nothing to try, or the weights sum to less than two points.

    Warns
    -----
    DegenerateWarning
        If a degenerate model would have had the lowest criterion, or columns were left out.

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
    numbers = _several(n_components, "n_components", "range(1, 7)")
    kinds = _several(covariance_types, "covariance_types", '["full", "tied"]')
    if not numbers or not kinds:
        raise ValueError("There is nothing to try; expected at least one number of components and covariance type.")
    parameters = {"accelerate": "squarem", **parameters}
    models = [GaussianMixture(k, covariance_type=kind, **parameters) for kind in kinds for k in numbers]
    for model in models:
        model._check_parameters()  # a wrong argument is no result
    points, w, columns = _independent(X, sample_weight, models)
    floors: dict[int, Array] = {}
    beginnings: dict[Any, Beginning] = {}
    table = [_candidate(model, points, w, floors, beginnings) for model in models]
    if columns:
        for model in models:
            model._leave_out(np.shape(X)[1], columns, column_names(X))
    else:
        table = [row._replace(degenerate=True) for row in table]
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
    return Selection(table, criterion, columns)


def _several(given: Any, name: str, example: str) -> list[Any]:
    """Return what is to be tried as a list; raise TypeError if it is one thing alone."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise TypeError(f"{name} is {given!r}; expected all that are to be tried, such as [{given!r}] or {example}.")
    return list(given)


def _independent(
    X: ArrayLike, sample_weight: ArrayLike | None, models: list[GaussianMixture]
) -> tuple[Any, Array | None, tuple[int, ...]]:
    """Return X without the columns that depend on others, if any are left, the weights, and the columns that are."""
    largest = max(models, key=lambda model: model.n_components)
    points = largest._points(X, reset=True, least=2)
    w = sample_weights(sample_weight, len(points))
    if w is not None and w.sum() < 2 - criteria.ROUNDING:
        raise criteria.too_few_counted(w, 2)
    kind = next((model.covariance_type for model in models if model.covariance_type in MATRICES), "diag")
    known = Incomplete(lambda: [(points, w)], kind).survey() if np.isnan(points).any() else survey([(points, w)], kind)
    rows, weights = drawn_rows([(points, w)], len(points), np.random.default_rng(0))
    found = dependent_columns(known, FLOORED * within_floor(rows, weights, largest.n_components, known))
    left_out = {one.column for one in found}
    columns = tuple(j for j in range(points.shape[1]) if j not in left_out)
    advice = "Models are compared without." if columns else "No column is left in which models could be compared."
    warn_of_dependent(found, getattr(largest, "feature_names_in_", None), advice, stacklevel=4)
    return points[:, columns] if found and columns else X, w, columns


def _candidate(
    mixture: GaussianMixture,
    X: ArrayLike,
    w: Array | None,
    floors: dict[int, Array],
    beginnings: dict[Any, Beginning],
) -> Candidate:
    try:
        if w is not None and w.sum() < mixture.n_components * (1 - criteria.ROUNDING):
            raise TooFewPoints(str(criteria.too_few_counted(w, mixture.n_components)))
        mixture._floors, mixture._beginnings = floors, beginnings
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DegenerateWarning)
            mixture.fit(X, sample_weight=w)
    except (CollapseError, TooFewPoints) as error:
        worst = float("inf")
        name = mixture.covariance_type, mixture.n_components
        return Candidate(*name, worst, worst, worst, -worst, True, None, str(error))
    finally:
        mixture._floors = mixture._beginnings = None  # they are those of these data
    log_densities, entropies = mixture._densities_and_entropies(X)  # one pass for all criteria
    number = mixture._n_parameters()
    bic, aic = criteria.bic(log_densities, w, number), criteria.aic(log_densities, w, number)
    icl = bic + 2 * criteria.total(entropies, w)
    log_likelihood, degenerate = criteria.total(log_densities, w), bool(mixture.degenerate_)
    return Candidate(mixture.covariance_type, mixture.n_components, bic, aic, icl, log_likelihood, degenerate, mixture)
