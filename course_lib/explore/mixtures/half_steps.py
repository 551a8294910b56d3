"""Explorable 14: EM by half steps. The E step colours the points, the M step moves the ellipses.

Seen only after whole iterations, EM looks like magic: ellipses slide into place. Seen by halves it is two easy
things. A step to an odd place changes no ellipse and all colours; a step to an even one changes no colour and all
ellipses. The reader chooses the start and the number of components, and finds that most starts end alike, that some
rest for a while and then go on, and that some end elsewhere.
"""

from functools import lru_cache

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_lib.datasets import load_old_faithful, three_overlapping_clusters
from course_lib.explore.controls import Choice, Points, Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.numerals import fixed
from course_lib.explore.pictures import BLUE, GREEN, GREY, PURPLE, STYLE, VERMILION, as_svg
from course_lib.mixture import MixtureState, e_step, m_step

COLOURS, DASHES = (BLUE, VERMILION, GREEN, PURPLE), ("-", "--", ":", "-.")
HALF_STEPS = range(41)
COMPONENTS = ("2", "3", "4")
LABELS = {"three clusters": ("first feature", "second feature"), "Old Faithful": ("duration in min", "waiting in min")}
STEPS = {"three clusters": [0.1, 0.1], "Old Faithful": [0.1, 1.0]}  # what an arrow key moves a mean
# Seeds of the starts A, B and C, chosen among the first twenty: one that goes straight to its summit, and two that
# rest on the way or end elsewhere.
SEEDS = {"three clusters": {"A": 2, "B": 10, "C": 7}, "Old Faithful": {"A": 7, "B": 2, "C": 11}}


def em_half_steps(points: str = "three clusters", embed: bool | None = None) -> LiveExplorable:
    """Play EM for a mixture of Gaussians in the plane, half a step at a time.

    Parameters
    ----------
    points : "three clusters" or "Old Faithful"
        The data.
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the half step, the start, the number of components; from the start "yours" also
        the means, which are dragged.

    Raises
    ------
    ValueError
        If there are no such points.

    Examples
    --------
    >>> words, reading = em_half_steps("Old Faithful").says(half=12, start="A", k="2", means=[])
    >>> reading[1]
    ('Log-likelihood', '−1130.3')
    """
    if points not in SEEDS:
        raise ValueError(f"points is {points!r}; expected one of {', '.join(SEEDS)}.")
    X = points_of(points)
    first = "3" if points == "three clusters" else "2"
    starts = {k: {name: start_of(points, int(k), name) for name in SEEDS[points]} for k in COMPONENTS}
    margin = 0.06 * np.ptp(X, axis=0)
    (left, bottom), (right, top) = X.min(axis=0) - margin, X.max(axis=0) + margin
    grid, widths = STEPS[points], np.ptp(X, axis=0)
    own = (np.round((X.mean(axis=0) + np.outer([-1, 1, 0, 0.5], widths) / 3) / grid) * grid).round(4)
    other = (np.round((X.mean(axis=0) + np.outer([0.2, -0.5, 0.9, -1], widths) / 4) / grid) * grid).round(4)

    def at(half: int, start: str, k: str, means: list[list[float]]) -> tuple[int, str, int, Means]:
        return half, start, int(k), tuple(map(tuple, means[: int(k)])) if start == "yours" else ()

    return LiveExplorable(
        lambda half, start, k, means: _says(points, *at(half, start, k, means)),
        lambda half, start, k, means: _picture(points, *at(half, start, k, means)),
        [
            Slider("half", "Half step", HALF_STEPS, start=0, written=written_half_step, buttons=True),
            Choice("start", "Start", [*SEEDS[points], "yours"]),
            Choice("k", "Components", COMPONENTS, start=first),
            Points(
                "means",
                "The means can be dragged.",
                own.tolist(),
                low=np.floor(X.min(axis=0)).tolist(),
                high=np.ceil(X.max(axis=0)).tolist(),
                step=grid,
                examples=[other.tolist()],
            ),
        ],
        module="em_half_steps",
        data={
            "points": X.round(4).tolist(),
            "starts": {
                k: {name: {key: value.tolist() for key, value in start.items()} for name, start in of_k.items()}
                for k, of_k in starts.items()
            },
            "xlabel": LABELS[points][0],
            "ylabel": LABELS[points][1],
            "x": [float(left), float(right)],
            "y": [float(bottom), float(top)],
            "low": [-1020, -940] if points == "three clusters" else [-1300, -1110],
        },
        embed=embed,
    )


def written_half_step(half: int) -> str:
    """Write a number of half steps as the iteration and the step.

    Examples
    --------
    >>> [written_half_step(half) for half in range(4)]
    ['start', 'E step of 1', 'iteration 1', 'E step of 2']
    """
    if half == 0:
        return "start"
    return f"E step of {half // 2 + 1}" if half % 2 else f"iteration {half // 2}"


def points_of(name: str) -> np.ndarray:
    """Return the points, shape (n, 2), rounded as the page gets them.

    Examples
    --------
    >>> points_of("Old Faithful").shape
    (272, 2)
    """
    X = three_overlapping_clusters()[0] if name == "three clusters" else load_old_faithful()
    return np.asarray(X.round(4))


def start_of(points: str, k: int, name: str) -> dict[str, np.ndarray]:
    """Place k means on points drawn at random, each component as wide as all the data.

    Parameters
    ----------
    points : "three clusters" or "Old Faithful"
        The data.
    k : int
        The number of components.
    name : "A", "B" or "C"
        Which draw.

    Returns
    -------
    dict
        ``weights`` (k,), ``means`` (k, 2) and ``covariances`` (k, 2, 2).

    Examples
    --------
    >>> start_of("Old Faithful", 2, "A")["weights"]
    array([0.5, 0.5])
    """
    X = points_of(points)
    chosen = np.random.RandomState(SEEDS[points][name]).choice(len(X), k, replace=False)
    return {
        "weights": np.full(k, 1 / k),
        "means": X[chosen],
        "covariances": np.repeat(np.cov(X.T, ddof=0)[None], k, axis=0),
    }


Means = tuple[tuple[float, ...], ...]  # of the start "yours"; otherwise empty


@lru_cache
def _run(points: str, start: str, k: int, means: Means = ()) -> list[tuple[MixtureState, np.ndarray]]:
    """Return the mixture of each iteration, and the responsibilities of the E step that made it, empty at the start."""
    X = points_of(points)
    at = start_of(points, k, "A" if means else start)
    weights, centres, covariances = at["weights"], np.array(means) if means else at["means"], at["covariances"]
    log_likelihood, responsibilities = e_step(X, weights, centres, covariances)
    run = [(MixtureState(0, weights, centres, covariances, log_likelihood), np.empty((0, k)))]
    for iteration in range(1, HALF_STEPS[-1] // 2 + 1):
        (weights, centres, covariances), made_by = m_step(X, responsibilities), responsibilities
        log_likelihood, responsibilities = e_step(X, weights, centres, covariances)
        run.append((MixtureState(iteration, weights, centres, covariances, log_likelihood), made_by))
    return run


def _moment(
    points: str, half: int, start: str, k: int, means: Means = ()
) -> tuple[MixtureState, np.ndarray, float | None]:
    """Return the mixture, the responsibilities that colour the points, and what the last M step has gained."""
    run = _run(points, start, k, means)
    state, coloured = run[half // 2]
    if half % 2:
        coloured = run[half // 2 + 1][1]
    gain = state.log_likelihood - run[half // 2 - 1][0].log_likelihood if half >= 2 else None
    return state, coloured, gain


def _says(points: str, half: int, start: str, k: int, means: Means = ()) -> Words:
    state, responsibilities, gain = _moment(points, half, start, k, means)
    place = ", ".join(f"({fixed(x, 2)}, {fixed(y, 2)})" for x, y in state.means)
    n, undecided = len(points_of(points)), int((responsibilities.max(axis=1) < 0.9).sum()) if half else 0
    iteration = half // 2
    moment = (
        "The start"
        if not half
        else "After " + (f"the E step of iteration {iteration + 1}" if half % 2 else f"iteration {iteration}")
    )
    colours = f"{undecided} of {n} points are undecided." if half else "The points have no colour yet."
    height = fixed(state.log_likelihood, 1)
    text = f"{moment}: {k} ellipses with centres {place}. {colours} The log-likelihood is {height}."
    return text, [
        ("Moment", written_half_step(half)),
        ("Log-likelihood", height),
        ("Gained by the last M step", "none yet" if gain is None else fixed(gain, 1)),
        ("Undecided points", f"{undecided}" if half else "not coloured yet"),
    ]


def _picture(points: str, half: int, start: str, k: int, means: Means = ()) -> str:
    state, _, _ = _moment(points, half, start, k, means)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 4.0), layout="constrained")
        axes = figure.subplots()
    axes.plot(*points_of(points).T, ".", color=GREY, alpha=0.5, markersize=5)
    turn = np.linspace(0, 2 * np.pi, 61)
    for mean, covariance, colour, dash in zip(state.means, state.covariances, COLOURS, DASHES, strict=False):
        curve = mean[:, None] + 2 * np.linalg.cholesky(covariance) @ np.array([np.cos(turn), np.sin(turn)])
        axes.plot(*curve, dash, color=colour)
        axes.plot(*mean, "o", color=colour, markersize=9)
    axes.set(xlabel=LABELS[points][0], ylabel=LABELS[points][1], title=f"EM: {written_half_step(half)}")
    axes.grid(False)
    return as_svg(figure)
