"""Pictures of fitted mixtures: what is drawn is what was fitted."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from course_lib.datasets import load_old_faithful
from course_lib.explore import plot_mixture
from course_lib.explore.mixtures.fitted import matrices_of
from course_lib.explore.pictures import VERMILION
from course_lib.mixture import Candidate, DegenerateWarning, GaussianMixture, Selection, select_mixture


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_ellipses_lie_at_one_and_two_standard_deviations(covariance_type):
    X = load_old_faithful()
    X = np.column_stack([X[:, 0], np.random.RandomState(0).normal(size=len(X)), X[:, 1]])
    model = GaussianMixture(3, covariance_type=covariance_type, random_state=0).fit(X)
    axes = plot_mixture(model, X, columns=(2, 0))
    small = model.marginal([2, 0])
    outlines = [patch.get_xy() for patch in axes.patches]
    assert len(outlines) == 6
    for number, outline in enumerate(outlines):
        away = outline - small.means_[number // 2]
        inverse = np.linalg.inv(matrices_of(small)[number // 2])
        distances = np.sqrt(np.einsum("ni,ij,nj->n", away, inverse, away))
        np.testing.assert_allclose(distances, 1 + number % 2)
    points = axes.lines[0].get_xydata()
    np.testing.assert_array_equal(points, X[:, [2, 0]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("feature 2", "feature 0")


def test_the_heavier_the_darker_and_the_collapsed_in_red():
    X = load_old_faithful()
    model = GaussianMixture(2, random_state=0).fit(X)
    strong = [axes_line.get_alpha() for axes_line in plot_mixture(model).lines if axes_line.get_marker() == "+"]
    assert np.argmax(strong) == np.argmax(model.weights_)
    assert max(strong) == 1 > min(strong) > 0.25
    model.degenerate_ = [0]
    patches = plot_mixture(model).patches
    assert [patch.get_facecolor()[:3] == to_rgba(VERMILION)[:3] for patch in patches] == [True, True, False, False]


def test_one_feature_is_drawn_as_curves_whose_area_is_one():
    X = load_old_faithful()[:, 1:]
    axes = plot_mixture(GaussianMixture(2, random_state=0).fit(X), X, axes=Figure().add_subplot())
    whole = axes.lines[-1].get_xydata()
    assert np.trapezoid(whole[:, 1], whole[:, 0]) == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(sum(line.get_ydata() for line in axes.lines[:-1]), whole[:, 1])


def test_what_cannot_be_drawn_is_said():
    model = GaussianMixture(1).fit(load_old_faithful())
    for columns in ((0, 0), (0, 2), (0,)):
        with pytest.raises(ValueError, match="expected two different numbers of 0 to 1"):
            plot_mixture(model, columns=columns)
    with pytest.raises(ValueError, match=r"X has shape \(3, 1\); expected \(n, 2\)"):
        plot_mixture(model, [[1.0], [2.0], [3.0]])


def test_columns_are_those_of_the_data_where_some_were_left_out():
    X = load_old_faithful()
    wide = np.column_stack([np.ones(len(X)), X])
    with pytest.warns(DegenerateWarning, match="column 0 is constant"):
        model = select_mixture(wide, [2], ["full"], random_state=0).best
    for given in (X, wide):
        axes = plot_mixture(model, given)
        np.testing.assert_array_equal(axes.lines[0].get_xydata(), X)
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("feature 1", "feature 2")
    np.testing.assert_array_equal(plot_mixture(model, wide, columns=(2, 1)).lines[0].get_xydata(), X[:, ::-1])
    with pytest.raises(ValueError, match=r"columns are \(0, 1\); expected two different numbers of \[1, 2\]"):
        plot_mixture(model, wide, columns=(0, 1))


def test_a_selection_shows_what_was_chosen_and_what_is_degenerate():
    found = select_mixture(load_old_faithful(), [1, 2, 3], ["full", "tied"], random_state=0)
    hollow = Candidate(*found.table[-1][:6], True, found.table[-1].mixture)
    failed = Candidate("tied", 9, *[np.inf] * 3, -np.inf, True, None)
    axes = Selection([*found.table[:-1], hollow, failed], "bic", found.columns).plot(Figure().add_subplot())
    drawn = {line.get_label(): line for line in axes.lines}
    for kind in ("full", "tied"):
        expected = sorted((row.n_components, row.bic) for row in found.table[:-1] if row.covariance_type == kind)
        np.testing.assert_array_equal(drawn[kind].get_xydata(), expected)
    rings = [line.get_xydata().tolist() for line in axes.lines if line.get_markersize() == 14]
    assert rings == [[[found.table[0].n_components, found.table[0].bic]]]
    empty = [line.get_xydata().tolist() for line in axes.lines if line.get_markerfacecolor() == "none"]
    assert [[hollow.n_components, hollow.bic]] in empty
    assert np.isfinite(axes.get_ylim()).all()
