"""The manners of a scikit-learn estimator, without scikit-learn.

Parameters are the constructor's arguments, stored as they came; what is learnt ends in an underscore; an
estimator that has not been fitted says so; a second X must have as many columns as the first. scikit-learn
is never imported here. Where the caller has imported it, its own classes of errors, warnings and tags are
used, so that its tools (`clone`, `Pipeline`, `check_estimator`) recognise them.
"""

import importlib
import inspect
import sys
import warnings
from typing import Any, Self

import numpy as np

from course_lib.mixture.arguments import finite, finite_or_missing, real_array

LONGEST = 200  # letters of a parameter that are written: of n responsibilities a reader wants the shape alone
LEAST_WEIGHT, LARGEST_WEIGHT = 1e-150, 1e150  # of the heaviest point: products of it must be numbers


class NotFittedError(ValueError, AttributeError):
    """A method that needs `fit` was called before it."""


class CollapseError(ValueError):
    """From every start, a component collapsed where nothing held its variance: there is no mixture to return."""


class TooFewPoints(ValueError):
    """There are fewer (distinct) points than components or clusters."""


class ChangedDataError(RuntimeError):
    """A pass over the data gave something else than the one before: no choice of another start will help."""


class ConvergenceWarning(UserWarning):
    """The iterations ended before they converged."""


class DegenerateWarning(UserWarning):
    """A component has collapsed or is empty: its likelihood says nothing about the data."""


def sklearn_class(name: str, own: type) -> type:
    """Return scikit-learn's class of errors or warnings if the caller has imported it, and else our own."""
    return getattr(sys.modules.get("sklearn.exceptions"), name, own)


class Estimator:
    """Parameters, representation, and the checks of X that every estimator makes."""

    _where_missing = ""  # what the error of a missing entry says to do
    _wider: tuple = ()  # number of all columns, and which were kept, where some were left out
    _kind: str | None = None

    @classmethod
    def _parameter_names(cls) -> list[str]:
        return sorted(name for name in inspect.signature(cls.__init__).parameters if name != "self")

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments by name.

        Parameters
        ----------
        deep : bool
            There for scikit-learn's sake; no argument is an estimator.

        Returns
        -------
        dict
            Name to value.
        """
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **params: Any) -> Self:
        """Change some of the constructor's arguments.

        Parameters
        ----------
        **params
            Name to value.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is no such parameter.
        """
        names = self._parameter_names()
        for name, value in params.items():
            if name not in names:
                raise ValueError(f"Invalid parameter {name!r} for {type(self).__name__}; expected one of {names}.")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self).__init__).parameters
        changed = [
            f"{name}={_shortened(value)}"
            for name, value in self.get_params().items()
            if value is not defaults[name].default and repr(value) != repr(defaults[name].default)
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_tags__(self) -> Any:
        """Describe the estimator to scikit-learn, which is there if it asks."""
        tags = sys.modules["sklearn.utils"]
        return tags.Tags(
            estimator_type=self._kind,
            target_tags=tags.TargetTags(required=False),
            input_tags=tags.InputTags(allow_nan=self._accepts_nan_now()),
        )

    def _accepts_nan_now(self) -> bool:
        return False

    def _is_fitted(self) -> bool:
        return hasattr(self, "n_features_in_")

    def __sklearn_is_fitted__(self) -> bool:
        return self._is_fitted()

    def _check_fitted(self) -> None:
        if not self._is_fitted():
            raise sklearn_class("NotFittedError", NotFittedError)(
                f"This {type(self).__name__} is not fitted yet; expected fit(X) to be called first."
            )

    def _leave_out(self, d: int, kept: tuple[int, ...], names: np.ndarray | None) -> None:
        """Take X of d columns, too, from now on, of which only these are used; ``names`` are those of all, if any."""
        self._wider = (d, kept) if len(kept) < d else ()
        if self._wider and names is not None:
            self.feature_names_in_ = names[list(kept)]

    def _points(self, X: Any, *, reset: bool, least: int = 1, holes: bool = False) -> np.ndarray:
        """Return X as an array (n, d) of float32 or float64 that this estimator can use, with NaN if ``holes``."""
        names = column_names(X)
        points = real_array(X, "X")
        if points.ndim != 2:
            raise ValueError(
                f"Expected 2D array, got {points.ndim}D array of shape {points.shape} for X. Reshape your data: "
                "X[:, None] if it has one feature, X[None, :] if it is one point."
            )
        if not reset and points.shape[1:] == self._wider[:1]:  # columns that say nothing were left out in fit
            kept = list(self._wider[1])
            points, names = points[:, kept], None if names is None else names[kept]
        n, d = points.shape
        if n < least:
            raise ValueError(
                f"Found array with {n} sample(s) (shape={points.shape}) while a minimum of {least} is required "
                f"by {type(self).__name__}."
            )
        if d < 1:
            raise ValueError(
                f"Found array with 0 feature(s) (shape={points.shape}) while a minimum of 1 is required "
                f"by {type(self).__name__}."
            )
        if not (holes or self._accepts_nan_now()):
            finite(points, "X", self._where_missing)
        else:
            finite_or_missing(points, "X")
        if reset:
            self.n_features_in_, self._wider = d, ()
            self.__dict__.pop("feature_names_in_", None)
            if names is not None:
                self.feature_names_in_ = names
        elif d != self.n_features_in_:
            raise ValueError(
                f"X has {d} features, but {type(self).__name__} is expecting {self.n_features_in_} features as input."
            )
        else:
            _compare_names(names, getattr(self, "feature_names_in_", None), type(self).__name__)
        return points


class Transformer(Estimator):
    """An estimator that makes new features, and hands them out as an array or as a table with names.

    A class of this kind says in `_n_new_features` how many they are, and sends what ``transform`` returns through
    `_table`.
    """

    def _n_new_features(self) -> int:
        raise NotImplementedError

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the new features' names: the class's and a number.

        Parameters
        ----------
        input_features : array_like of str, optional
            Only compared with the names of `fit`, if both are there.

        Returns
        -------
        ndarray of str
        """
        self._check_fitted()
        known = getattr(self, "feature_names_in_", None)
        if input_features is not None:
            given = np.asarray(input_features, dtype=object)
            if known is not None and given.tolist() != known.tolist():
                raise ValueError(
                    "input_features is not equal to feature_names_in_: "
                    f"got {given.tolist()}, expected {known.tolist()}."
                )
            if len(given) != self.n_features_in_:
                raise ValueError(
                    "input_features should have length equal to number of features "
                    f"({self.n_features_in_}), got {len(given)}"
                )
        name = type(self).__name__.lower()
        return np.array([f"{name}{j}" for j in range(self._n_new_features())], dtype=object)

    def set_output(self, *, transform: str | None = None) -> Self:
        """Choose what ``transform`` and ``fit_transform`` return.

        Parameters
        ----------
        transform : "default", "pandas", "polars" or None
            An array, or a table of one of these packages, which must be installed. None changes nothing.

        Returns
        -------
        self
        """
        if transform is not None:
            self._sklearn_output_config = {"transform": transform}  # scikit-learn's name: its `clone` copies it
        return self

    def _table(self, values: np.ndarray, X: Any) -> Any:
        """Return the new features of X in the form that was chosen here, or for all of scikit-learn."""
        sklearn = sys.modules.get("sklearn")
        form = sklearn.get_config()["transform_output"] if sklearn else "default"
        form = getattr(self, "_sklearn_output_config", {}).get("transform", form)
        if form == "default":
            return values
        if form not in ("pandas", "polars"):
            raise ValueError(f"output config must be 'default', 'pandas' or 'polars', got {form!r}")
        package = importlib.import_module(form)
        names = self.get_feature_names_out()
        if form == "polars":
            return package.DataFrame(values, schema=names.tolist(), orient="row")
        return package.DataFrame(values, columns=names, index=getattr(X, "index", None), copy=False)


def sample_weights(given: Any, n: int) -> np.ndarray | None:
    """Return the weights of n points as float64, shape (n,), or None.

    Raises
    ------
    ValueError
        If there are not n of them, one is negative or not finite, or all are 0.
    """
    if given is None:
        return None
    weights = np.asarray(real_array(given, "sample_weight"), dtype=np.float64)
    if weights.ndim == 0:
        weights = np.full(n, weights)
    checked_weights(weights, n, "sample_weight")
    if not weights.sum() > 0:
        raise ValueError("sample_weight: all weights are zero; expected some to be positive.")
    return weights


def checked_weights(weights: np.ndarray, n: int, name: str) -> None:
    """Raise ValueError unless the array holds n weights, finite and not negative."""
    if weights.shape != (n,):
        raise ValueError(f"{name} has shape {weights.shape}; expected ({n},), one weight for each row of X.")
    finite(weights, name)
    if n and weights.min() < 0:
        raise ValueError(f"{name} has the smallest weight {weights.min()}; expected no negative weight.")
    largest = weights.max(initial=0.0)
    if largest and not LEAST_WEIGHT < largest < LARGEST_WEIGHT:
        raise ValueError(
            f"{name} has the largest weight {largest:.3g}; expected between {LEAST_WEIGHT:g} and {LARGEST_WEIGHT:g}, "
            "because sums of weights and squares over- or underflow. Divide all weights by their mean."
        )


def random_source(random_state: Any) -> Any:
    """Return a RandomState (from None or an int) or the given RandomState or Generator."""
    if isinstance(random_state, (np.random.RandomState, np.random.Generator)):
        return random_state
    if random_state is None or random_state is np.random:
        return np.random.mtrand._rand
    if isinstance(random_state, (int, np.integer)) and random_state >= 0:
        return np.random.RandomState(random_state)
    raise ValueError(f"random_state is {random_state!r}; expected None, a number >= 0, a RandomState or a Generator.")


def whole(value: Any, name: str, least: int) -> None:
    """Raise ValueError unless the value is a whole number, at least the given one."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is {value!r}; expected a whole number of at least {least}.")


def column_names(X: Any) -> np.ndarray | None:
    """Return the names of a table's columns, shape (d,), or None for what is no table of named columns."""
    names = getattr(X, "columns", None)
    if names is None:
        return None
    text = [isinstance(name, str) for name in names]
    if any(text) and not all(text):
        raise TypeError(
            "Feature names are only supported if all input features have string names, but your input has "
            f"{sorted({type(name).__name__ for name in names})} as feature name / column name types. Write "
            "X.columns = X.columns.astype(str)."
        )
    return np.asarray(names, dtype=object) if all(text) else None


def _shortened(value: Any) -> str:
    """Return how a value is written: of a long array its shape, of what else is long the beginning."""
    text = repr(value)
    if len(text) <= LONGEST:
        return text
    return f"<array of shape {value.shape}>" if isinstance(value, np.ndarray) else f"{text[:LONGEST]}..."


def _compare_names(given: np.ndarray | None, fitted: np.ndarray | None, estimator: str) -> None:
    """Compare the columns' names with those of `fit`: other names are an error, names on one side alone a warning."""
    if (given is None) != (fitted is None):
        said = (
            f"X has feature names, but {estimator} was fitted without feature names"
            if fitted is None
            else f"X does not have valid feature names, but {estimator} was fitted with feature names"
        )
        warnings.warn(said, UserWarning, stacklevel=4)
    elif given is not None and fitted is not None and given.tolist() != fitted.tolist():
        unseen, missing = sorted(set(given) - set(fitted)), sorted(set(fitted) - set(given))
        lines = ["The feature names should match those that were passed during fit."]
        for header, names in (("unseen at fit time", unseen), ("seen at fit time, yet now missing", missing)):
            if names:
                lines += [f"Feature names {header}:", *(f"- {name}" for name in names[:5])]
                lines += ["- ..."] if len(names) > 5 else []
        if not unseen and not missing:
            lines.append("Feature names must be in the same order as they were in fit.")
        raise ValueError("\n".join(lines) + "\n")
