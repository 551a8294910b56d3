"""Arguments that are what they claim to be: arrays of the right shape, of finite numbers.

Every function of this package starts here, so that a wrong argument is named where it comes in and not
five calls below. An array that is right already is passed on, not copied.
"""

import datetime
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.mixture.covariances import MATRICES, Array, shape_of

SQUARES = 1e150  # of a distance: its square must be a number, and sums of it, too
LEAST_SQUARES = 1e-140  # of a distance: the floor of a variance is many times smaller than its square
SHARES = 1e-6  # by which a point's responsibilities may miss the sum 1: they may be float32
MARGINALISE = ' Entries that were not observed are integrated out with missing="marginalise".'
ASYMMETRY = 1e-6  # of the roots of the diagonal's entries: more is no rounding


def real_array(given: Any, name: str) -> np.ndarray:
    """Return an array of real numbers: float32 and float64 as they are, everything else as float64.

    What is masked, None or pandas' NA becomes NaN. Raises ValueError, or TypeError for what can have no number, if an
    entry is a date, text, complex, or a row of another length.
    """
    if hasattr(given, "toarray") and hasattr(given, "nnz"):
        raise TypeError(f"{name} is a sparse matrix; expected a dense array. Call {name}.toarray() if it fits.")
    if isinstance(given, np.ma.MaskedArray):  # what is masked is missing; NumPy would hand out what lies below
        given = np.ma.filled(given.astype(float), np.nan) if given.dtype.kind in "biufO" else given.data
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise ValueError(f"{name} is no array: {error}. Expected rows of the same length.") from None
    if array.dtype.kind == "O":
        array = _numbers_of_objects(array, name)
    if array.dtype in (np.float32, np.float64) and array.dtype.isnative:
        return array
    if array.dtype.kind not in "biuf":
        raise ValueError(_text(array, name) if array.dtype.kind in "US" else _what_it_holds(array.dtype, name))
    return array.astype(np.float64)


def _numbers_of_objects(array: np.ndarray, name: str) -> np.ndarray:
    """Return an array of Python objects as float64; None and pandas' NA as NaN, which is missing, too."""
    kinds = {type(entry) for entry in array.ravel().tolist()}
    none = {kind for kind in kinds if kind is type(None) or kind.__name__ == "NAType"}
    for kind in kinds - none:
        if issubclass(kind, (str, bytes)):
            raise ValueError(_text(array, name))
        if issubclass(kind, (complex, np.complexfloating)):
            raise ValueError(_what_it_holds(np.dtype(kind), name))
        if issubclass(kind, (datetime.date, datetime.timedelta, np.datetime64, np.timedelta64)):
            raise ValueError(_what_it_holds(np.dtype("M8" if hasattr(kind, "year") else "m8"), name))
    if none:
        array = np.where(np.vectorize(lambda entry: type(entry) in none, otypes=[bool])(array), np.nan, array)
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"{name} holds what is no number: {error}. Expected real numbers.") from None


def _what_it_holds(dtype: np.dtype, name: str) -> str:
    if dtype.kind == "c":
        return f"Complex data not supported: {name} has dtype {dtype}; expected real numbers."
    if dtype.kind in "Mm":
        return (
            f"{name} holds dates or times ({dtype}); expected numbers. Say in which unit: "
            f"({name} - {name}.min()) / np.timedelta64(1, 'D') are days."
        )
    return f"{name} has dtype {dtype}; expected an array of real numbers."


def _text(array: np.ndarray, name: str) -> str:
    """Say where an array holds text: at first that which is no number, if there is such."""
    found = [place for place, entry in np.ndenumerate(array) if isinstance(entry, (str, bytes))]
    first = next((place for place in found if not _is_number(array.item(place))), found[0] if found else None)
    where = "" if first is None else f", {str(array[first])[:30]!r} at {_place(first)}"
    return (
        f"{name} holds text{where}; expected numbers. Convert numbers that are written as text with "
        f"{name}.astype(float), and leave other text out."
    )


def _is_number(text: str | bytes) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _place(index: tuple[int, ...]) -> str:
    return f"row {index[0]}, column {index[1]}" if len(index) == 2 else f"position {', '.join(map(str, index))}"


def checked_points(X: ArrayLike) -> Array:
    """Return X as float64 of shape (n, d) with n, d > 0 and finite entries.

    Raises
    ------
    ValueError
        If X has another shape, or holds NaN or infinity: the first row and column are named.
    """
    points = np.asarray(real_array(X, "X"), dtype=np.float64)
    if points.ndim != 2 or 0 in points.shape:
        raise ValueError(
            f"X has shape {points.shape}; expected (n, d): one row a point, one column a feature, at least one of each."
            + (" For points on a line write X[:, None]." if points.ndim == 1 else "")
        )
    finite(points, "X")
    return points


def finite(array: np.ndarray, name: str, where_missing: str = "") -> None:
    """Raise ValueError if an entry is NaN or infinite, and say where, and what to do where it is missing."""
    # The sum is finite in nearly every case and needs no second array; only if it is not do we look closer.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(array.sum()) or np.isfinite(array).all():
            return
    place = np.argwhere(~np.isfinite(array))[0]
    said = f"{name} holds {array[tuple(place)]} at {_place(tuple(place))}"
    advice = where_missing if np.isnan(array[tuple(place)]) else ""
    raise ValueError(f"{said}; expected finite numbers (no NaN, no infinity).{advice}")


def finite_or_missing(array: np.ndarray, name: str) -> None:
    """Raise ValueError if an entry is infinite, and say where; NaN is an entry that was not seen."""
    if np.isinf(array).any():
        row, column = np.argwhere(np.isinf(array))[0]
        raise ValueError(
            f"{name} holds infinity at row {row}, column {column}; expected numbers, or NaN where missing."
        )


def checked_parameters(
    X: Array, weights: ArrayLike | None, means: ArrayLike, covariances: ArrayLike, covariance_type: str
) -> tuple[Array, Array, Array]:
    """Return weights, means and covariances as float64 arrays that fit together and fit X.

    Raises
    ------
    ValueError
        If a shape does not fit, an entry is not finite, or the weights are not probabilities.
    """
    means = np.asarray(real_array(means, "means"), dtype=float)
    if means.ndim != 2 or means.shape[1] != X.shape[1] or not len(means):
        raise ValueError(f"means has shape {means.shape}; expected (k, {X.shape[1]}): a row for each component.")
    k = len(means)
    weights = np.full(k, 1 / k) if weights is None else np.asarray(real_array(weights, "weights"), dtype=float)
    if weights.shape != (k,):
        raise ValueError(f"weights has shape {weights.shape}; expected ({k},), one weight for each row of means.")
    covariances = np.asarray(real_array(covariances, "covariances"), dtype=float)
    expected = shape_of(covariance_type, k, X.shape[1])
    if covariances.shape != expected:
        raise ValueError(
            f"covariances has shape {covariances.shape}; expected {expected} for {k} components in {X.shape[1]} "
            f"dimensions and covariance_type={covariance_type!r}."
        )
    for name, array in (("weights", weights), ("means", means), ("covariances", covariances)):
        finite(array, name)
    checked_covariances(covariances, "covariances", covariance_type)
    if weights.min() < 0 or abs(weights.sum() - 1) > 1e-6:
        raise ValueError(f"weights are {weights}; expected probabilities: none negative, summing to 1.")
    return weights, means, covariances


def checked_covariances(matrices: Array, name: str, covariance_type: str) -> None:
    """Raise ValueError if a matrix is not symmetric, or a variance is too small a number to have all its digits."""
    variances = matrices
    if covariance_type in MATRICES:
        variances = np.einsum("...ii->...i", matrices)
        root = np.sqrt(np.abs(variances))
        away = np.abs(matrices - np.swapaxes(matrices, -1, -2))
        if (wrong := away > ASYMMETRY * root[..., :, None] * root[..., None, :]).any():
            place = tuple(np.argwhere(wrong)[0])
            other = (*place[:-2], place[-1], place[-2])
            raise ValueError(
                f"{name}: a matrix is not symmetric: {matrices[place]} in row {place[-2]}, column {place[-1]} and "
                f"{matrices[other]} on the other side of the diagonal; expected equal numbers. For A computed with "
                "rounding errors write (A + A.T) / 2."
            )
    if ((variances > 0) & (variances < np.finfo(float).tiny)).any():
        raise ValueError(
            f"{name} holds the variance {variances[variances > 0].min():.3g}; expected at least "
            f"{np.finfo(float).tiny:.3g}, because smaller numbers lose digits. Multiply X by its unit."
        )


def refuse_overflow(low: Array, high: Array) -> None:
    """Raise ValueError if a feature, between its smallest and largest value, holds numbers whose squares overflow."""
    largest = np.maximum(np.abs(low), np.abs(high)).astype(float)  # float32 has no number as large as the bound
    if not largest.max() < SQUARES:
        column = int(np.argmax(largest))
        raise ValueError(
            f"Column {column} of X holds numbers as large as {largest[column]:.3g}; expected less than "
            f"{SQUARES:g}, because squares of them overflow. Divide the column by its unit."
        )


def refuse_underflow(low: Array, high: Array) -> None:
    """Raise ValueError if a feature, between its smallest and largest value, is so narrow that squares underflow."""
    width = np.subtract(high, low, dtype=float)
    if (narrow := (width > 0) & (width < LEAST_SQUARES)).any():
        column = int(np.argmax(narrow))
        raise ValueError(
            f"Column {column} of X has numbers that differ by no more than {width[column]:.3g}; expected more than "
            f"{LEAST_SQUARES:g}, because squares of differences underflow. Divide the column by its unit."
        )


def checked_responsibilities(responsibilities: ArrayLike, X: Array, k: int | None = None) -> Array:
    """Return the responsibilities as float64 of shape (n, k), finite and not negative.

    If k is said, they are the argument ``resp_init``, and each row sums to 1; without, rows may count more or less.
    """
    name = "responsibilities" if k is None else "resp_init: responsibilities"
    r = np.asarray(real_array(responsibilities, name), dtype=np.float64)
    if r.ndim != 2 or len(r) != len(X) or not r.shape[1] or (k is not None and r.shape[1] != k):
        raise ValueError(f"{name} have shape {r.shape}; expected ({len(X)}, {k or 'k'}): one row a point of X.")
    finite(r, name)
    if r.min() < 0:
        row, column = np.argwhere(r < 0)[0]
        raise ValueError(f"{name} hold {r[row, column]} at row {row}, column {column}; expected none to be negative.")
    if k is not None and (wrong := np.abs(r.sum(axis=1) - 1) > SHARES).any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"{name} sum to {r[row].sum():.9g} in row {row}; expected 1: how much of a point belongs to which "
            "component. For rows that count more or less there is sample_weight."
        )
    return r


def checked_floor(given: ArrayLike, d: int) -> Array:
    """Return what is to be added to variances: one number, shape (), or one for each feature, shape (d,).

    Raises
    ------
    ValueError
        If it has another shape, or is negative or not finite.
    """
    floor = np.asarray(real_array(given, "reg_covar"), dtype=float)
    if floor.shape not in ((), (d,)) or not np.isfinite(floor).all() or floor.min() < 0:
        raise ValueError(f"reg_covar is {given!r}; expected a number >= 0, or {d} of them, one for each feature.")
    return floor


def number_from_0(value: Any, name: str, or_else: str = "") -> None:
    """Raise ValueError unless the value is a finite number, not negative."""
    if isinstance(value, (str, bool)) or not np.isscalar(value) or not 0 <= value < np.inf:  # type: ignore[operator]
        raise ValueError(f"{name} is {value!r}; expected a number >= 0{or_else}.")


def one_of(value: Any, name: str, expected: tuple) -> None:
    """Raise ValueError unless the value is one of those that are expected."""
    if not any(value is one or (isinstance(value, str) and value == one) for one in expected):
        raise ValueError(f"{name} is {value!r}; expected one of {', '.join(map(repr, expected))}.")


def of_shape(given: ArrayLike, name: str, shape: tuple[int, ...]) -> Array:
    """Return an array of finite float64 that has this shape."""
    array = np.asarray(real_array(given, name), dtype=float)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}.")
    finite(array, name)
    return array
