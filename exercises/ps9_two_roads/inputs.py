"""How the mixtures and points of problem set 9 are drawn."""

import numpy as np

from autograder.drawing import until_told_apart

from .formulas import FULL_RIGHT, covariances_of, joint_of, of_both, raced, right_densities, right_em, right_weights
from .mistakes import DIAGONAL, EM, FULL_WITH_GRADIENT, RACE, WEIGHTS

# --- Mixtures in free numbers ---------------------------------------------------------------------------------------


def some_mixture(rng, least=7, most=11):
    """Draw points and a mixture, as many components as neither points nor dimensions."""
    K, d = [(3, 2), (2, 3), (4, 2)][rng.integers(3)]
    n = int(rng.integers(least, most))
    return {
        "points": np.round(rng.normal(0.3, 1.5, (n, d)), 3),
        "logits": np.round(rng.uniform(-1.2, 1.2, K), 3),
        "means": np.round(rng.normal(0, 1.2, (K, d)), 3),
        "diagonals": np.round(rng.uniform(-0.6, 0.6, (K, d)), 3),
        "corners": np.round(rng.choice([-1, 1], (K, d, d)) * rng.uniform(0.3, 0.9, (K, d, d)), 3),
    }


# --- Weights --------------------------------------------------------------------------------------------------------


def for_weights_value(rng):
    K = int(rng.integers(3, 6))

    def draw():
        apart = rng.permutation([1000.0, *[-1000.0] * (K - 1)])  # their mean is too far from the largest, too
        return {
            "logits": np.round(rng.choice([-900.0, 1000.0]) + rng.normal(0, 2, K), 2),
            "spread": np.round(apart + rng.normal(0, 2, K), 2),
        }

    finite = {id: m for id, m in WEIGHTS.items() if id not in ("exp-overflows", "not-the-largest", "log-of-quotient")}
    return until_told_apart(draw, of_both(right_weights), finite)


# --- Densities ------------------------------------------------------------------------------------------------------


def of_densities(rng):
    given = some_mixture(rng)
    del given["logits"]
    return given


def for_densities_diagonal(rng):
    def draw():
        given = of_densities(rng)
        return given | {"corners": np.zeros_like(given["corners"])}

    return until_told_apart(draw, right_densities, DIAGONAL)


def for_densities_full(rng):
    def draw():
        given = of_densities(rng)
        shape = len(given["means"]), len(given["points"])
        return given | {"seed": np.round(rng.uniform(0.5, 2.0, shape), 2)}

    return until_told_apart(draw, FULL_RIGHT, FULL_WITH_GRADIENT)


# --- The other road -------------------------------------------------------------------------------------------------


def some_crowd(rng):
    """Draw many points from a mixture, and another mixture beside it: EM has some way to go, and no component dies."""
    while True:
        given = some_mixture(rng)
        K, d = given["means"].shape
        labels = np.concatenate([np.arange(K), rng.integers(K, size=55)])
        noise = rng.normal(size=(len(labels), d))
        roots = np.linalg.cholesky(covariances_of(given["diagonals"], given["corners"]))
        given["points"] = np.round(3 * given["means"][labels] + np.einsum("nij,nj->ni", roots[labels], noise), 3)
        given["means"] = np.round(3 * given["means"] + rng.uniform(0.3, 0.7, (K, d)) * rng.choice([-1, 1], (K, d)), 3)
        if np.bincount(joint_of(**given).argmax(axis=0), minlength=K).min() > d + 4:
            return given


def for_em_step(rng, trial):
    """Draw a crowd; in every second trial one of its points so far out that all its densities are 0 for a float."""

    def draw():
        given = some_crowd(rng)
        one = rng.integers(len(given["points"]))
        while trial % 2 and joint_of(**given)[:, one].max() > -800:
            given["points"][one] += np.round(rng.choice([-1, 1]) * rng.uniform(100, 200), 1)
        return given

    return until_told_apart(draw, right_em, EM)


# --- The race -------------------------------------------------------------------------------------------------------


def for_race(rng):
    def draw():
        more = {"rate": float(np.round(rng.uniform(0.03, 0.08), 3)), "iterations": int(rng.integers(2, 5))}
        return some_crowd(rng) | more

    return until_told_apart(draw, raced(), RACE)
