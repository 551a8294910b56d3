"""Nonlinear regression with certified answers: the Statistical Reference Datasets of NIST.

Twenty-seven problems of lower, average and higher difficulty. Each has data, a model, two starts (the first one
far away), and the parameters of the least-squares fit with their standard deviations, which NIST computed in
arithmetic of 128 bits and certifies to eleven digits. A fitting program either finds them or does not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Model = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class CertifiedFit:
    """A regression problem with its certified answer.

    Attributes
    ----------
    name : str
        NIST's name.
    x : ndarray, shape (m,) or (2, m)
        The predictor, or both of them.
    y : ndarray, shape (m,)
        The response.
    model : callable
        ``model(b, x)`` is the response that the parameters b predict, of shape (m,): NumPy code.
    starts : ndarray, shape (2, n)
        The two starts; the second one is near the answer.
    parameters, standard_deviations : ndarray, shape (n,)
        The certified answer.
    residual_sum : float
        The certified sum of squared residuals.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    model: Model
    starts: NDArray[np.float64]
    parameters: NDArray[np.float64]
    standard_deviations: NDArray[np.float64]
    residual_sum: float


def saturation(b: Any, x: Any) -> Any:
    """Grow towards b1: Misra1a and BoxBOD."""
    return b[0] * (1 - np.exp(-b[1] * x))


def decay_over_line(b: Any, x: Any) -> Any:
    """Decay, divided by a line: Chwirut1 and Chwirut2."""
    return np.exp(-b[0] * x) / (b[1] + b[2] * x)


def three_exponentials(b: Any, x: Any) -> Any:
    """Add three exponentials: Lanczos1, Lanczos2 and Lanczos3."""
    return b[0] * np.exp(-b[1] * x) + b[2] * np.exp(-b[3] * x) + b[4] * np.exp(-b[5] * x)


def two_peaks(b: Any, x: Any) -> Any:
    """Put two Gaussian peaks on a decaying ground: Gauss1, Gauss2 and Gauss3."""
    peaks = b[2] * np.exp(-(((x - b[3]) / b[4]) ** 2)) + b[5] * np.exp(-(((x - b[6]) / b[7]) ** 2))
    return b[0] * np.exp(-b[1] * x) + peaks


def quadratics(b: Any, x: Any) -> Any:
    """Divide a quadratic by another: Kirby2."""
    return (b[0] + b[1] * x + b[2] * x**2) / (1 + b[3] * x + b[4] * x**2)


def cubics(b: Any, x: Any) -> Any:
    """Divide a cubic by another: Hahn1 and Thurber."""
    return (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3)


def cycles(b: Any, x: Any) -> Any:
    """Add a cycle of a year and two whose periods are to be found: ENSO."""
    year, second, third = (2 * np.pi * x / period for period in (12.0, b[3], b[6]))
    first = b[0] + b[1] * np.cos(year) + b[2] * np.sin(year)
    return first + b[4] * np.cos(second) + b[5] * np.sin(second) + b[7] * np.cos(third) + b[8] * np.sin(third)


MODELS: dict[str, Model] = {
    "Bennett5": lambda b, x: b[0] * (b[1] + x) ** (-1 / b[2]),
    "BoxBOD": saturation,
    "Chwirut1": decay_over_line,
    "Chwirut2": decay_over_line,
    "DanWood": lambda b, x: b[0] * x ** b[1],
    "ENSO": cycles,
    "Eckerle4": lambda b, x: b[0] / b[1] * np.exp(-0.5 * ((x - b[2]) / b[1]) ** 2),
    "Gauss1": two_peaks,
    "Gauss2": two_peaks,
    "Gauss3": two_peaks,
    "Hahn1": cubics,
    "Kirby2": quadratics,
    "Lanczos1": three_exponentials,
    "Lanczos2": three_exponentials,
    "Lanczos3": three_exponentials,
    "MGH09": lambda b, x: b[0] * (x**2 + x * b[1]) / (x**2 + x * b[2] + b[3]),
    "MGH10": lambda b, x: b[0] * np.exp(b[1] / (x + b[2])),
    "MGH17": lambda b, x: b[0] + b[1] * np.exp(-x * b[3]) + b[2] * np.exp(-x * b[4]),
    "Misra1a": saturation,
    "Misra1b": lambda b, x: b[0] * (1 - (1 + b[1] * x / 2) ** -2.0),
    "Misra1c": lambda b, x: b[0] * (1 - (1 + 2 * b[1] * x) ** -0.5),
    "Misra1d": lambda b, x: b[0] * b[1] * x / (1 + b[1] * x),
    "Nelson": lambda b, x: b[0] - b[1] * x[0] * np.exp(-b[2] * x[1]),  # of the logarithm of y
    "Rat42": lambda b, x: b[0] / (1 + np.exp(b[1] - b[2] * x)),
    "Rat43": lambda b, x: b[0] / (1 + np.exp(b[1] - b[2] * x)) ** (1 / b[3]),
    "Roszman1": lambda b, x: b[0] - b[1] * x - np.arctan(b[2] / (x - b[3])) / np.pi,
    "Thurber": cubics,
}


def load_nist_strd(name: str) -> CertifiedFit:
    """Load one of NIST's problems of nonlinear regression, with its certified answer.

    Parameters
    ----------
    name : str
        A key of `MODELS`, such as "Misra1a" (lower difficulty), "Kirby2" (average) or "MGH09" (higher).

    Returns
    -------
    CertifiedFit
        Data, model, starts and answer. For Nelson, y is the logarithm of the column y, as NIST's model asks.

    Raises
    ------
    ValueError
        If there is no problem of that name.

    Notes
    -----
    Terms: work of the United States government, free for anyone to use; name the source.

    References
    ----------
    NIST/ITL Statistical Reference Datasets, nonlinear regression, https://www.itl.nist.gov/div898/strd/. The files
    are kept as they are published.

    Examples
    --------
    >>> problem = load_nist_strd("Misra1a")
    >>> problem.y.shape, problem.starts, problem.parameters
    ((14,), array([[5.0e+02, 1.0e-04],
           [2.5e+02, 5.0e-04]]), array([2.38942129e+02, 5.50156432e-04]))
    """
    if name not in MODELS:
        raise ValueError(f"The problem is {name!r}; expected one of {', '.join(MODELS)}.")
    text = files("course_lib.datasets").joinpath("nist_strd", f"{name}.dat").read_text(encoding="ascii")
    table = np.array([re.findall(r"\S+", row) for row in re.findall(r"^ *b\d+ =(.+)$", text, re.MULTILINE)], float)
    said = re.search(r"Residual Sum of Squares: +(\S+)", text)
    assert said is not None, "every file of this format says it"
    data = np.array([row.split() for row in text[text.rindex("\nData:") :].splitlines()[2:] if row.strip()], float).T
    y = np.log(data[0]) if name == "Nelson" else data[0]
    x = data[1] if len(data) == 2 else data[1:]
    return CertifiedFit(name, x, y, MODELS[name], table[:, :2].T, table[:, 2], table[:, 3], float(said.group(1)))
