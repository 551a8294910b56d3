"""What is no number, no covariance or not the same data is refused in words, or is right; never a wrong answer."""

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.mixture import (
    GaussianMixture,
    KMeans,
    NormalInverseWishart,
    bootstrap,
    e_step,
    em_iterations,
    likelihood_ratio_test,
    log_gaussian,
    m_step,
    select_mixture,
)

X = np.concatenate([np.random.RandomState(0).normal(size=(60, 2)), np.random.RandomState(1).normal(size=(60, 2)) + 6])
DAYS = np.array([[0], [1], [5], [6]]).astype("M8[D]")
NO_TIME = np.where(np.arange(4)[:, None] == 1, np.datetime64("NaT"), DAYS)
NOT_NUMBERS = {
    "dates": (DAYS, r"holds dates or times \(datetime64\[D\]\); expected numbers"),
    "a date that is missing": (NO_TIME, "holds dates or times"),
    "durations": (DAYS - DAYS[0], "holds dates or times"),
    "dates in a table": (np.array([[datetime.date(2020, 1, 1), 1.0]] * 4, dtype=object), "holds dates or times"),
    "durations in a table": (np.array([[datetime.timedelta(1), 1.0]] * 4, dtype=object), "holds dates or times"),
    "text": (np.array([["1"], ["2"], ["3"], ["4"]]), "holds text"),
    "text in a table": (
        np.array([[2.0, "b"]] * 4, dtype=object),
        "holds text, 'b' at row 0, column 1; expected numbers",
    ),
    "text among numbers": (np.array([["1"], ["2"], ["?"], ["4"]]), r"holds text, '\?' at row 2, column 0"),
    "complex numbers in a table": (np.array([[1j, 1.0]] * 4, dtype=object), "Complex data not supported"),
    "named fields": (np.zeros(4, dtype=[("a", float), ("b", float)])[:, None], "expected an array of real numbers"),
    "rows of two lengths": ([[1.0, 2.0], [3.0]], "Expected rows of the same length"),
    "a number beyond all floats": ([[10**400], [1], [2], [3]], "is no number: int too large"),
}


@pytest.mark.parametrize("case", NOT_NUMBERS)
def test_what_holds_no_numbers_is_refused(case):
    given_, message = NOT_NUMBERS[case]
    for fit in (GaussianMixture(1, missing="marginalise").fit, KMeans(1).fit, m_step_of_one):
        with pytest.raises((ValueError, TypeError, OverflowError), match=message):
            fit(given_)


def m_step_of_one(X):
    return m_step(X, np.ones((len(X), 1)))


@pytest.mark.parametrize("model", [GaussianMixture(1), KMeans(1)])
def test_weights_are_numbers(model):
    dates = np.zeros(120, dtype="M8[s]")
    for weights, message in (
        (np.ones(120) * 1j, "Complex data not supported"),
        (dates, "sample_weight holds dates"),
        (["1"] * 120, "sample_weight holds text"),
        (np.ma.masked_array(np.ones(120), np.arange(120) == 7), "sample_weight holds nan at position 7"),
        (np.ones((120, 1)), r"sample_weight has shape \(120, 1\)"),
    ):
        with pytest.raises(ValueError, match=message):
            model.fit(X, sample_weight=weights)


def test_weights_that_are_masked_are_refused_wherever_they_come_in():
    masked = np.ma.masked_array(np.ones(120), np.arange(120) < 60)
    model = GaussianMixture(1).fit(X)
    for call in (
        lambda: model.bic(X, sample_weight=masked),
        lambda: select_mixture(X, [1], ["full"], sample_weight=masked),
        lambda: bootstrap(model, X, 2, sample_weight=masked),
        lambda: GaussianMixture(1).fit_blocks([(X, masked)]),
        lambda: KMeans(1).fit(X).score(X, sample_weight=masked),
    ):
        with pytest.raises(ValueError, match="holds nan at position 0; expected finite numbers"):
            call()


def test_labels_that_are_masked_or_missing_are_unknown():
    labels = np.repeat([1, 0], 60)
    hidden = np.arange(120) % 3 > 0
    expected = GaussianMixture(2, random_state=0).fit(X, labels=np.where(hidden, -1, labels)).means_
    wrong = np.where(hidden, 1 - labels, labels)  # below the mask
    for same in (np.ma.masked_array(wrong, hidden), np.where(hidden, np.nan, labels), np.where(hidden, None, labels)):
        np.testing.assert_array_equal(GaussianMixture(2, random_state=0).fit(X, labels=same).means_, expected)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_an_array_of_class_matrix_is_an_array():
    X_matrix = np.matrix(X)
    for model in (GaussianMixture(2, random_state=0), KMeans(2, random_state=0)):
        expected, found = model.fit(X).predict(X), model.fit(X_matrix).predict(X_matrix)
        np.testing.assert_array_equal(found, expected)
    assert type(log_gaussian(X_matrix, np.matrix([[0, 0]]), np.matrix(np.eye(2)), "tied")) is np.ndarray
    covariances = m_step(X_matrix, np.matrix(np.ones((120, 1))))[2]
    np.testing.assert_array_equal(covariances, m_step(X, np.ones((120, 1)))[2])


@given(st.sampled_from([1.0, 1e-9, 1e9]), st.floats(1e-4, 1.0), st.sampled_from(["full", "tied"]))
def test_a_covariance_is_symmetric_in_any_unit(unit, away, covariance_type):
    """Cholesky's method reads one triangle alone, and would never know."""
    matrix = np.array([[1.0, 0.5], [0.5 - away, 1.0]]) * np.array([[1.0, unit], [unit, unit**2]])
    given_ = matrix[None] if covariance_type == "full" else matrix
    points, mean = X * [1.0, unit], np.zeros((1, 2))
    for call in (
        lambda: log_gaussian(points, mean, given_, covariance_type),
        lambda: e_step(points, [1.0], mean, given_, covariance_type),
        lambda: next(em_iterations(points, [1.0], mean, given_, covariance_type)),
        lambda: GaussianMixture(1, covariance_type=covariance_type, precisions_init=given_).fit(points),
        lambda: GaussianMixture(1, prior=NormalInverseWishart(mean[0], 0.1, 4.0, matrix)).fit(points),
    ):
        with pytest.raises(ValueError, match=r"a matrix is not symmetric: .* in row 0, column 1"):
            call()
    even = (matrix + matrix.T) / 2
    even[0, 1] *= 1 + 1e-9  # rounding is no fault
    log_gaussian(points, mean, even[None] if covariance_type == "full" else even, covariance_type)


def test_means_and_covariances_are_numbers():
    one = np.eye(2)[None]
    for means, covariances, message in (
        ([[0, 1j]], one, "Complex data not supported: means"),
        (np.ma.masked_array([[0.0, 1.0]], [[True, False]]), one, "means holds nan"),
        ([[0.0, 1.0]], one.astype("m8[s]"), "covariances holds dates or times"),
    ):
        with pytest.raises(ValueError, match=message):
            log_gaussian(X, means, covariances)
    for prior in (
        NormalInverseWishart([np.nan, 0], 0.1, 4, np.eye(2)),
        NormalInverseWishart([0, 0], np.inf, 4, one[0]),
    ):
        with pytest.raises(ValueError, match="expected finite numbers"):
            GaussianMixture(1, prior=prior).fit(X)


@pytest.mark.parametrize("unit", [1e-320, 1e-200, 1e-150, 1e155, 1e300])
def test_units_whose_squares_are_no_numbers_are_refused(unit):
    message = "squares of (differences underflow|them overflow). Divide the column by its unit"
    points = X * [unit, 1.0]
    for fit in (GaussianMixture(2).fit, KMeans(2).fit, m_step_of_one, lambda X: GaussianMixture(2).fit_blocks([X])):
        with pytest.raises(ValueError, match=f"Column 0 of X .*{message}"):
            fit(points)
    holes = np.where(np.arange(120)[:, None] == 5, np.nan, points)
    with pytest.raises(ValueError, match=message):
        GaussianMixture(2, missing="marginalise").fit(holes)


@settings(max_examples=20)
@given(st.integers(-130, 130))
def test_other_units_change_nothing(power):
    unit = 2.0 ** (3 * power)
    expected, found = (GaussianMixture(2, random_state=0).fit(points).means_ for points in (X, X * unit))
    np.testing.assert_allclose(found / unit, expected, rtol=1e-9)
    np.testing.assert_array_equal(
        KMeans(2, random_state=0).fit(X * unit).labels_, KMeans(2, random_state=0).fit(X).labels_
    )


def test_a_variance_that_has_lost_digits_is_refused():
    with pytest.raises(ValueError, match="covariances holds the variance 1e-320; expected at least"):
        log_gaussian([[1e-160]], [[0.0]], [[[1e-320]]])


class Changing:
    """Blocks of which the third pass gives something else."""

    def __init__(self, later):
        self.later, self.passes = later, 0

    def __call__(self):
        self.passes += 1
        yield self.later if self.passes > 2 else (X, np.ones(120))


@pytest.mark.parametrize(
    ("later", "message"),
    [
        (X[:-1], "gave 120 rows at the first pass and 119 rows at a later one"),
        (np.concatenate([X, X]), "120 rows at the first pass and 240 rows"),
        (X[:, :1], "gave 2 columns at the first pass and 1 columns"),
        ((X, np.full(120, 2.0)), "rows of the total weight 120.0 .* total weight 240.0"),
        (X + 100, "a column 0 with the mean .* a column 0 with the mean 10"),
        (-X, "a column 0 with the mean"),
        (X[:, ::-1], "a column 0 with the mean"),
        (X.mean(axis=0) + 2 * (X - X.mean(axis=0)), "a column 0 with .* standard deviation"),
        (np.column_stack([X[:, 0], np.roll(X[:, 1], 60)]), "rows with the check sum"),
        ((X[::-1], np.r_[2.0, np.ones(118), 0.0]), "a column 0 with the mean"),
        (np.empty((0, 2)), "120 rows at the first pass and 0 rows"),
    ],
)
def test_blocks_that_change_between_passes_are_refused(later, message):
    with pytest.raises(RuntimeError, match=f"{message}.* expected the same data at each pass"):
        GaussianMixture(2, random_state=0).fit_blocks(Changing(later))


@pytest.mark.parametrize("block", [1.0, X[0], X[None]], ids=["number", "row", "stack"])
def test_a_block_that_is_no_table_is_named(block):
    for blocks, number in (([block], 0), ([X, block], 1)):
        with pytest.raises(ValueError, match=f"Block {number} has shape .* expected \\(b, "):
            GaussianMixture(1).fit_blocks(blocks)


@pytest.mark.parametrize("offset", [0.0, 1e8])
@pytest.mark.parametrize("change", [lambda Z: -Z, lambda Z: Z[:, ::-1]], ids=["signs", "places"])
def test_columns_of_equal_mean_and_width_that_change_are_seen_beside_an_offset(change, offset):
    Z = np.random.RandomState(0).normal(size=(300, 2))
    Z = (Z - Z.mean(axis=0)) / Z.std(axis=0)
    passes = iter([Z, *[change(Z)] * 9])
    with pytest.raises(RuntimeError, match="expected the same data at each pass"):
        GaussianMixture(1).fit_blocks(lambda: [next(passes) + offset])


def test_an_iterator_behind_a_function_is_read_only_once():
    blocks = iter([X, X])
    with pytest.raises(RuntimeError, match="gave 240 rows at the first pass and 0 rows at a later one"):
        GaussianMixture(2).fit_blocks(lambda: blocks)
    with pytest.raises(TypeError, match="blocks is a int; expected arrays of rows"):
        GaussianMixture(2).fit_blocks(3)


@given(st.lists(st.integers(1, 119), max_size=4), st.lists(st.integers(1, 119), max_size=4))
def test_the_same_rows_may_come_in_other_blocks(one, other):
    cuts = [sorted(one), sorted(other)]

    def blocks():
        cuts.reverse()
        yield from np.split(X, cuts[0])

    expected = GaussianMixture(2, random_state=0).fit(X).means_
    np.testing.assert_allclose(GaussianMixture(2, random_state=0).fit_blocks(blocks).means_, expected, rtol=1e-9)


def test_a_bootstrap_of_other_data_says_so():
    model = GaussianMixture(2, random_state=0).fit(X)
    for again in (bootstrap, likelihood_ratio_test):
        with pytest.raises(ValueError, match="X has 1 features, but GaussianMixture is expecting 2 features"):
            again(model, X[:, :1], 2)
        with pytest.raises(ValueError, match="Expected 2D array, got 1D array"):
            again(model, X[:, 0], 2)
        with pytest.raises(TypeError, match=r"model is a KMeans; expected a GaussianMixture that was fitted"):
            again(KMeans(2).fit(X), X, 2)
    with pytest.raises(ValueError, match=r"level is '0.95'; expected a number"):
        bootstrap(model, X, 2).interval("0.95")


def test_one_number_is_no_list_of_numbers():
    with pytest.raises(TypeError, match=r"n_components is 3; expected all that are to be tried, such as \[3\]"):
        select_mixture(X, 3)
    with pytest.raises(TypeError, match="n_components is '12'"):
        select_mixture(X, "12")
    with pytest.raises(TypeError, match="covariance_types is 'full'; expected all that are to be tried"):
        select_mixture(X, [1], "full")


def test_questions_to_a_mixture_are_checked():
    model = GaussianMixture(2, random_state=0).fit(np.c_[X, X[:, 0] + X[:, 1] ** 2])
    for known, error, message in (
        ([0], TypeError, "known is a list; expected a dict"),
        ({0: 1j}, ValueError, r"known\[0\] has dtype complex128"),
        ({0: np.datetime64(1, "s")}, ValueError, r"known\[0\] holds dates"),
        ({0: [[1, 2], [3, 4]]}, ValueError, r"known has values of the shapes \(2, 2\)"),
        ({0: [1, 2], 1: [1, 2, 3]}, ValueError, r"known has values of the shapes \(2,\), \(3,\)"),
        ({0: np.ma.masked_array([1.0, 2.0], [True, False])}, ValueError, "expected finite numbers"),
    ):
        with pytest.raises(error, match=message):
            model.conditional(known)
    for number in (0, 2.5, "2"):
        with pytest.raises(ValueError, match=r"n_samples is .*; expected a whole number of at least 1"):
            model.sample(number)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"init": [[np.nan, 0.0], [1.0, 1.0]]}, "init holds nan at row 0, column 0"),
        ({"init": np.ma.masked_array(np.eye(2), np.eye(2))}, "init holds nan"),
        ({"tol": -1.0}, "tol is -1.0; expected a number >= 0"),
        ({"tol": np.nan}, "tol is nan"),
        ({"tol": "auto"}, "tol is 'auto'"),
    ],
)
def test_arguments_of_k_means_are_numbers(arguments, message):
    with pytest.raises(ValueError, match=message):
        KMeans(2, **arguments).fit(X)


@pytest.mark.parametrize("weight", [1e308, 1e200, 1e-200, 1e-320])
def test_weights_whose_sums_are_no_numbers_are_refused(weight):
    w = np.full(120, weight)
    for fit in (
        lambda: GaussianMixture(2).fit(X, sample_weight=w),
        lambda: GaussianMixture(2).fit_blocks([(X, w)]),
        lambda: KMeans(2).fit(X, sample_weight=w),
        lambda: GaussianMixture(1).fit(X).bic(X, sample_weight=w),
    ):
        with pytest.raises(ValueError, match=r"has the largest weight .* Divide all weights by their mean"):
            fit()


@given(st.integers(-140, 140))
def test_only_ratios_of_weights_tell_where_the_means_are(power):
    w = np.random.RandomState(2).uniform(0.5, 2.0, size=120)
    expected = KMeans(2, random_state=0).fit(X, sample_weight=w).cluster_centers_
    found = KMeans(2, random_state=0).fit(X, sample_weight=w * 10.0**power).cluster_centers_
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_what_is_added_to_variances_is_a_number_from_0():
    r = np.ones((120, 1))
    for floor in (np.nan, -5.0, [1.0, 2.0, 3.0], [1.0, np.inf]):
        with pytest.raises(ValueError, match=r"reg_covar is .*; expected a number >= 0, or 2 of them"):
            m_step(X, r, reg_covar=floor)
    with pytest.raises(ValueError, match=r"labels hold 1e.30; expected -1 where unknown"):
        GaussianMixture(2).fit(X, labels=np.full(120, 1e30))


@pytest.mark.parametrize("total", [1e-3, 1.0, 1.9])
def test_weights_that_are_parts_of_one_choose_no_model(total):
    """The logarithm of a sum of 1 or less is no price of a parameter."""
    w = np.full(120, total / 120)
    model = GaussianMixture(2, random_state=0).fit(X, sample_weight=w)
    said = "sums to .* expected at least 2, because a weight says how often"
    for criterion in (model.bic, model.aic, model.icl):
        with pytest.raises(ValueError, match=said):
            criterion(X, sample_weight=w)
        assert criterion(X, sample_weight=w * len(w) / w.sum()) == pytest.approx(criterion(X), rel=1e-12)
        assert criterion(X[:1], sample_weight=[1]) == pytest.approx(criterion(X[:1]))
    with pytest.raises(ValueError, match=said):
        select_mixture(X, [1, 2], ["full"], sample_weight=w)


def test_a_model_with_more_components_than_counted_points_is_a_row_that_says_why():
    found = select_mixture(X, [1, 2, 3], ["spherical"], sample_weight=np.full(120, 2 / 120), random_state=0)
    reasons = {row.n_components: row.reason for row in found.table}
    assert "sums to 2 points; expected at least 3" in reasons[3]
    assert reasons[1] == reasons[2] == ""


def test_a_bootstrap_of_weights_that_are_parts_says_how_to_scale_them():
    """As many points are drawn as the weights count: of weights that sum to 1, that would be one."""
    w = np.full(120, 1 / 120)
    model = GaussianMixture(1).fit(X, sample_weight=w)
    for total in (1, 1.4):
        with pytest.raises(ValueError, match=r"expected at least 2, .* sample_weight \* len\(sample_weight\)"):
            bootstrap(model, X, 5, sample_weight=w * total)
    with pytest.warns(UserWarning, match="each sample has 4 points, fewer than the 5 free parameters"):
        bootstrap(model, X, 5, sample_weight=w * 4, random_state=0)
    scaled, plain = (
        bootstrap(model, X, 20, sample_weight=given, random_state=0).standard_errors.means
        for given in (w * len(w) / w.sum(), None)
    )
    np.testing.assert_allclose(scaled, plain, rtol=1e-9)


@pytest.mark.filterwarnings("error")
def test_float32_is_compared_with_bounds_that_float32_does_not_reach():
    labels = KMeans(2, random_state=0).fit(X.astype("f4")).labels_
    np.testing.assert_array_equal(labels, KMeans(2, random_state=0).fit(X).labels_)


def test_a_column_that_varies_less_than_its_floor_is_not_called_constant():
    with pytest.warns(UserWarning, match="column 0 varies too little .*standard deviation .* as large as 1e\\+15"):
        GaussianMixture(1).fit(np.random.RandomState(0).normal(size=(300, 2)) + 1e15)
