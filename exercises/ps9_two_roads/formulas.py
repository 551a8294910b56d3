"""The formulas of problem set 9 in plain NumPy, with a place for each slip."""

import numpy as np

from course_lib.mixture import e_step, log_gaussian, m_step

# --- Mixtures in free numbers ---------------------------------------------------------------------------------------


def softmax(a):
    e = np.exp(a - np.max(a))
    return e / e.sum()


def factors_of(diagonals, corners):
    """The lower triangular factors W of the inverse covariances."""
    return np.tril(corners, -1) + np.exp(diagonals)[:, :, None] * np.eye(diagonals.shape[1])


def covariances_of(diagonals, corners):
    inverse = np.linalg.inv(factors_of(diagonals, corners))
    return np.swapaxes(inverse, 1, 2) @ inverse


# --- Weights --------------------------------------------------------------------------------------------------------


def right_weights(logits):
    return logits - np.max(logits) - np.log(np.sum(np.exp(logits - np.max(logits))))


def of_both(kind):
    """Make of a formula the answer for logits of which exp knows no value: all large, and some large and some small."""

    def answer(logits, spread):
        with np.errstate(all="ignore"):
            return {"of logits": kind(logits), "of spread": kind(spread)}

    return answer


def with_pull(weights, pulled=lambda p, seed: seed - p * seed.sum()):
    """Make of a formula the answer of the probe that also pulls back a seed, of which the tape sees what it sees."""
    return lambda logits, seed: {"log weights": weights(logits), "pulled back": pulled(softmax(logits), seed)}


# --- Densities ------------------------------------------------------------------------------------------------------


def densities_with(
    determinant=lambda W, s: s.sum(axis=1),
    z=lambda x, W: x @ W,
    square=lambda z: (z**2).sum(axis=2),
    factors=factors_of,
    half=0.5,
    constant=lambda d: d / 2 * np.log(2 * np.pi),
):
    """Make the log densities, right or with one ingredient changed."""

    def answer(points, means, diagonals, corners):
        W = factors(diagonals, corners)
        x = points - means[:, None, :]
        return determinant(W, diagonals)[:, None] - half * square(z(x, W)) - constant(points.shape[1])

    return answer


def right_densities(points, means, diagonals, corners):
    return log_gaussian(points, means, covariances_of(diagonals, corners)).T


def with_points_for_dimensions(points, means, diagonals, corners):
    wrong = densities_with(constant=lambda d: len(points) / 2 * np.log(2 * np.pi))
    return wrong(points, means, diagonals, corners)


def with_gradient(densities):
    """Make of a function of densities the answer of the probe above, its pullbacks by the complex step."""

    def answer(points, means, diagonals, corners, seed):
        def pulled(name, array):
            found = np.zeros_like(array)
            for index in np.ndindex(array.shape):
                moved = array.astype(complex)
                moved[index] += 1e-30j
                arguments = {"means": means, "diagonals": diagonals, "corners": corners} | {name: moved}
                found[index] = np.sum(seed * np.imag(densities(points, **arguments))) / 1e-30
            return found

        return {
            "value": densities(points, means, diagonals, corners),
            "pulled to the means": pulled("means", means),
            "to the diagonals": pulled("diagonals", diagonals),
            "to the corners": pulled("corners", corners),
        }

    return answer


FULL_RIGHT = with_gradient(densities_with())


def hidden(*names, seen=lambda seed, pulled: 0 * pulled):
    """Make of the right answer the one of a tape that has not seen how some nodes were used."""

    def answer(seed, **given):
        right = FULL_RIGHT(seed=seed, **given)
        return right | {name: seen(seed, right[name]) for name in names}

    return answer


# --- The likelihood -------------------------------------------------------------------------------------------------


def joint_of(points, logits, means, diagonals, corners):
    return right_weights(logits)[:, None] + right_densities(points, means, diagonals, corners)


def log_sum_exp(a, axis):
    top = a.max(axis=axis)
    return np.log(np.exp(a - np.expand_dims(top, axis)).sum(axis=axis)) + top


def right_likelihood(**mixture):
    return float(log_sum_exp(joint_of(**mixture), 0).sum())


def ways(mixture):
    """The direction along which the probe asks for a slope: no entry of it is 0."""
    return {name: np.cos(np.arange(a.size) + k).reshape(a.shape) for k, (name, a) in enumerate(mixture.items())}


def right_slope(points, **mixture):
    found = gradients(points, **mixture)
    return float(sum(np.sum(g * way) for g, way in zip(found, ways(mixture).values(), strict=True)))


def slope_of(likelihood):
    """Make the slope of a likelihood along that direction, by differences of fourth order: of those that are wrong."""

    def slope(points, **mixture):
        def at(h):
            return likelihood(points=points, **{name: a + h * ways(mixture)[name] for name, a in mixture.items()})

        h = 1e-3
        return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)

    return slope


def with_slope(likelihood, slope=None):
    """Make of a likelihood the answer of the probe that also asks the tape for its slope."""

    def answer(points, **mixture):
        value = likelihood(points=points, **mixture)
        if np.shape(value):
            return {"value": value}
        return {"value": value, "slope by the tape": (slope or slope_of(likelihood))(points=points, **mixture)}

    return answer


value_and_slope = with_slope(right_likelihood, right_slope)


# --- A step up the hill ---------------------------------------------------------------------------------------------


def responsibilities(points, logits, means, diagonals, corners):
    joint = joint_of(points, logits, means, diagonals, corners)
    return np.exp(joint - log_sum_exp(joint, 0))


def gradients(points, logits, means, diagonals, corners):
    """The gradients of the log-likelihood in closed form: those of labelled data, each point counted by its r."""
    r = responsibilities(points, logits, means, diagonals, corners)
    W, centred = factors_of(diagonals, corners), points - means[:, None, :]
    z = centred @ W
    by_mean = np.einsum("kij,knj,kn->ki", W, z, r)
    by_factor = -np.einsum("kn,kni,knj->kij", r, centred, z)
    own = np.diagonal(by_factor, axis1=1, axis2=2) * np.exp(diagonals) + r.sum(axis=1)[:, None]
    return [r.sum(axis=1) - len(points) * softmax(logits), by_mean, own, np.tril(by_factor, -1)]


def stepped(times=lambda rate, n: rate / n, which=(1, 1, 1, 1)):
    """Make of a factor for the gradient of the sum the answer of `ascent_step`."""

    def answer(points, rate, **mixture):
        found = gradients(points, **mixture)
        factor = times(rate, len(points))
        return [a + w * factor * g for a, g, w in zip(mixture.values(), found, which, strict=True)]

    return answer


# --- The other road -------------------------------------------------------------------------------------------------


def em_with(
    weights=lambda counts: counts / counts.sum(),
    means=lambda r, points: r @ points / r.sum(axis=1)[:, None],
    about=lambda old, new: new,
    divide=lambda r: r.sum(axis=1),
    count=lambda r: r,
    normal=lambda joint: np.exp(joint - log_sum_exp(joint, 0)),
    inverse=np.linalg.inv,
):
    """Make the answer of one EM step, right or with one ingredient changed."""

    def answer(points, **mixture):
        r = normal(joint_of(points, **mixture))
        new = means(r, points)
        centred = points - about(mixture["means"], new)[:, None, :]
        covariances = np.einsum("kn,kni,knj->kij", count(r), centred, centred) / divide(r)[:, None, None]
        return {"weights": weights(r.sum(axis=1)), "means": new, "inverse covariances": inverse(covariances)}

    return answer


def right_em(points, logits, means, diagonals, corners):
    _, r = e_step(points, softmax(logits), means, covariances_of(diagonals, corners))
    weights, means, covariances = m_step(points, r)
    return {"weights": weights, "means": means, "inverse covariances": np.linalg.inv(covariances)}


def transposed_root(covariances):
    """What the inverse of the lower Cholesky factor of the covariance gives, taken for the factor W."""
    root = np.linalg.inv(np.linalg.cholesky(covariances))
    return root @ np.swapaxes(root, 1, 2)


def unlogged(covariances):
    """What comes of a factor whose diagonal is returned without its logarithm."""
    W = np.linalg.cholesky(np.linalg.inv(covariances))
    W = np.tril(W, -1) + np.exp(np.diagonal(W, axis1=1, axis2=2))[:, :, None] * np.eye(W.shape[1])
    return W @ np.swapaxes(W, 1, 2)


# --- The race -------------------------------------------------------------------------------------------------------


def raced(first=0, mean=True, together=False, beside=False, last=None):
    """Make the heights of both climbers, right or with one slip."""

    def answer(points, rate, iterations, **mixture):
        names = list(mixture)

        def height(arrays):
            total = right_likelihood(points=points, **dict(zip(names, arrays, strict=True)))
            return total / len(points) if mean else total

        def climb(step, arrays):
            heights = [height(arrays)]
            for _ in range(iterations):
                arrays = step(dict(zip(names, arrays, strict=True)))
                heights.append(height(arrays))
            return np.array(heights)[first:last], arrays

        def em(m):
            new = right_em(points, **m)
            W = np.linalg.cholesky(new["inverse covariances"])
            diagonals = np.log(np.diagonal(W, axis1=1, axis2=2))
            return [np.log(new["weights"]), new["means"], diagonals, np.tril(W, -1)]

        gradient, end = climb(lambda m: stepped()(points, rate, **m), list(mixture.values()))
        heights, _ = climb(em, end if together else list(mixture.values()))
        if beside:  # an EM step of the gradient's present mixture, each time
            at, heights = list(mixture.values()), [height(list(mixture.values()))]
            for _ in range(iterations):
                at = stepped()(points, rate, **dict(zip(names, at, strict=True)))
                heights.append(height(em(dict(zip(names, at, strict=True)))))
            heights = np.array(heights)
        return gradient, heights

    return answer
