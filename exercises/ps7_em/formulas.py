"""The steps of EM in problem set 7, with a place for each slip, and how a fit is judged."""

import functools

import numpy as np

from course_lib.mixture import e_step, em_iterations, log_gaussian, m_step

# --- Mixtures, drawn at random ---------------------------------------------------------------------------------------


def as_list(weights, means, covariances):
    return [(float(w), m, c) for w, m, c in zip(weights, np.asarray(means), np.asarray(covariances), strict=True)]


def as_arrays(mixture):
    return tuple(np.array(column) for column in zip(*mixture, strict=True))


GIVEN = "the array that was given, afterwards"


def and_given(name, formula):
    """Make of a formula the answer of a probe that also shows its argument `name` as it is after the call."""

    def answer(**inputs):
        result = formula(**inputs)
        return result if isinstance(result, Exception) else {"result": result, GIVEN: inputs[name]}

    return answer


def softmax(a):
    """Exponentials that sum to 1 along the first axis."""
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


def hardened(r):
    """All of a point to its most probable component."""
    return (np.arange(len(r))[:, None] == r.argmax(axis=0)).astype(float)


# --- Part 1: means only, on a line ------------------------------------------------------------------------------------


def half_squares(x, means, sigma):
    """The exponents of the densities, shape (K, n)."""
    return -((x - means[:, None]) ** 2) / (2 * sigma**2)


def weighted_means(r, x):
    return r @ x / r.sum(axis=1)


def new_means(x, means, sigma):
    return weighted_means(softmax(half_squares(x, means, sigma)), x)


def one_after_the_other(x, means, sigma):
    means = means.copy()
    for k in range(len(means)):
        r = softmax(half_squares(x, means, sigma))
        means[k] = r[k] @ x / r[k].sum()
    return means


# --- Part 2: log-sum-exp ----------------------------------------------------------------------------------------------


def log_sum_exp(a):
    largest = a.max(axis=0)
    return largest + np.log(np.exp(a - largest).sum(axis=0))


def quietly(formula):
    """Make of a formula one whose overflow and 0/0 warn nobody."""

    def silent(*args, **inputs):
        with np.errstate(all="ignore"):
            return formula(*args, **inputs)

    return silent


# --- Part 3: the joint log density ------------------------------------------------------------------------------------


def log_joints(points, mixture):
    """log(pi_k N(x_n; mu_k, Sigma_k)), shape (K, n), by the reference."""
    weights, means, covariances = as_arrays(mixture)
    return np.log(weights)[:, None] + log_gaussian(points, means, covariances).T


def joints(**change):
    """Build the joint log density from its four terms, some of them changed: what each slip would answer."""

    def formula(points, mixture):
        rows = []
        for weight, mean, covariance in mixture:
            gap, d = points - mean, len(mean)
            terms = {
                "weight": np.log(weight),
                "constant": -d / 2 * np.log(2 * np.pi),
                "determinant": -np.linalg.slogdet(covariance)[1] / 2,
                "square": -np.einsum("ni,ij,nj->n", gap, np.linalg.inv(covariance), gap) / 2,
            }
            terms |= {name: new(weight, covariance, gap, d) for name, new in change.items()}
            rows.append(sum(terms.values()))
        return np.array(rows)

    return formula


def joints_to_the_base(base):
    """Make the joint log density whose logarithms are to this base, and whose exponent is right."""
    return joints(
        weight=lambda w, c, gap, d: np.log(w) / np.log(base),
        constant=lambda w, c, gap, d: -d / 2 * np.log(2 * np.pi) / np.log(base),
        determinant=lambda w, c, gap, d: -np.linalg.slogdet(c)[1] / 2 / np.log(base),
    )


def squared(z):
    return (z**2).sum(axis=-1)


# --- Part 4: the E step -----------------------------------------------------------------------------------------------


def posteriors(points, mixture):
    """The responsibilities, shape (K, n), by the reference."""
    return e_step(points, *as_arrays(mixture))[1].T


def total_log_likelihood(points, mixture):
    return e_step(points, *as_arrays(mixture))[0]


def without_weights(points, mixture):
    return [(1 / len(mixture), mean, covariance) for _, mean, covariance in mixture]


def of_the_sum(points, mixture):
    """The log-likelihood of one Gaussian, with the mean and the covariance averaged by the weights."""
    mean, covariance = (sum(weight * part[k] for weight, *part in mixture) for k in (0, 1))
    return log_gaussian(points, mean[None], covariance[None]).sum()


FAR_ANSWERS = "responsibilities", "log-likelihood"


def both(points, mixture):
    answers = posteriors(points, mixture), total_log_likelihood(points, mixture)
    return dict(zip(FAR_ANSWERS, answers, strict=True))


def naive(added=0.0):
    """Both results by exponentials as they stand, with a small number below the line."""

    @quietly
    def formula(points, mixture):
        density = np.exp(log_joints(points, mixture))
        total = density.sum(axis=0) + added
        return {"responsibilities": density / total, "log-likelihood": np.log(total).sum()}

    return formula


# --- Part 5: the M step -----------------------------------------------------------------------------------------------


def refitted(points, R, old):
    """The new mixture, by the reference."""
    return as_list(*m_step(points, R.T))


def new_weights(points, R, old):
    return np.array([weight for weight, _, _ in refitted(points, R, old)])


def means_of(points, r):
    return [row @ points / row.sum() for row in r]


def scatter(points, r, centre):
    gap = points - centre
    return (r[:, None] * gap).T @ gap


def covariances_by(formula):
    """Make of formula(points, r, new mean, old mean) the answer of the probe below."""

    def answer(points, R, old):
        new = means_of(points, R)
        return [formula(points, r, m, mean) for r, m, (_, mean, _) in zip(R, new, old, strict=True)]

    return answer


def shared_by_all(points, R, old):
    total = sum(scatter(points, r, m) for r, m in zip(R, means_of(points, R), strict=True)) / len(points)
    return [total for _ in R]


def of_hard_labels(points, R, old):
    hard = hardened(R)
    return [scatter(points, r, m) / r.sum() for r, m in zip(hard, means_of(points, hard), strict=True)]


# --- Part 6: when to stop ---------------------------------------------------------------------------------------------


LEAST_GAIN = 1e-4  # as long as an iteration gains this, the text says, EM is not at rest


REST = 1e-9  # below this in each of ten iterations, the text says, EM is at rest


def stops(histories):
    """What every rule that keeps the promises answers: between the two, any rule may decide as it likes."""
    answers = {}
    for name, history in histories.items():
        changes = np.diff(history)
        rises = len(changes) == 0 or changes[-1] >= LEAST_GAIN
        rests = len(changes) >= 10 and max(abs(changes[-10:])) < REST
        if rises == rests:
            raise ValueError(f"the text promises nothing of the history {name!r}")
        answers[name] = bool(rests)
    return answers


def rule(decide):
    """Make of decide(last, the one before, all) the answer of the probe; a single entry goes on."""
    return lambda histories: {name: len(h) > 1 and bool(decide(h[-1], h[-2], h)) for name, h in histories.items()}


# --- Part 7: the whole loop -------------------------------------------------------------------------------------------


SHORT_BY = 0.005  # so far below the log-likelihood at the end may a fit stay: more than twice what that rule leaves


LONG = 1000  # iterations after which nothing is gained any more


def run_em(points, start, iterations=LONG):
    """Return the states of a run of the reference, the start first."""
    known = [np.ascontiguousarray(part, dtype=float) for part in (points, *as_arrays(start))]
    return _run_em(tuple((part.tobytes(), part.shape) for part in known))[: iterations + 1]


@functools.lru_cache(maxsize=8)  # one trial asks for the same run many times
def _run_em(known):
    points, *start = (np.frombuffer(data).reshape(shape) for data, shape in known)
    return list(em_iterations(points, *start, max_iter=LONG, tol=1e-13))


def mixture_after(iterations):
    """The mixture after so many iterations of the reference."""

    def answer(points, start):
        state = run_em(points, start, iterations)[-1]
        return as_list(state.weights, state.means, state.covariances)

    return answer


def mixture_where(enough):
    """The mixture whose log-likelihood is, for the first time, less than so much above that of the one before."""

    def answer(points, start):
        heights = np.array([state.log_likelihood for state in run_em(points, start)])
        return mixture_after(1 + int(np.argmax(np.diff(heights) < enough(len(points)))))(points, start)

    return answer


def complaint(answer, points, start):
    """Say what is wrong with a fitted mixture, or return "": its likelihood is computed here."""
    if len(answer) != len(start):
        return f"expected as many components as in start, {len(start)}."
    k, d = len(start), points.shape[1]
    weights, means, covariances = (np.array(c, dtype=float) for c in zip(*answer, strict=True))
    shapes = weights.shape, means.shape, covariances.shape
    if shapes != ((k,), (k, d), (k, d, d)):
        return f"expected weights, means and covariances of shapes (), ({d},) and ({d}, {d})."
    if not all(np.isfinite(part).all() for part in (weights, means, covariances)):
        return "expected finite numbers: exponentials that underflow to 0 give nan."
    if weights.min() < 0 or abs(weights.sum() - 1) > 1e-6:
        return f"expected weights that sum to 1; yours sum to {weights.sum():.6g}."
    smallest = [np.linalg.eigvalsh((c + c.T) / 2)[0] for c in covariances]
    narrowest = np.linalg.eigvalsh(run_em(points, start)[-1].covariances).min()
    if np.abs(covariances - covariances.transpose(0, 2, 1)).max() > 1e-6 or min(smallest) < narrowest / 20:
        return "expected symmetric covariances that are wide in every direction; one of yours has collapsed."
    covariances = (covariances + covariances.transpose(0, 2, 1)) / 2
    states = list(em_iterations(points, weights / weights.sum(), means, covariances, max_iter=1, tol=0.0))
    reached, next_one = states[0].log_likelihood, states[1].log_likelihood
    best = run_em(points, start)[-1].log_likelihood
    if reached >= best - SHORT_BY:
        return ""
    said = f"expected a log-likelihood of {best:.3f}, where EM comes to rest from this start; yours has {reached:.3f}"
    if next_one - reached > LEAST_GAIN / 2:
        return f"{said}, and one more E and M step raises it to {next_one:.3f}."
    return f"{said}."


def only(**kept):
    """A run that updates only some of the parameters."""

    def answer(points, start):
        mixture = start
        for _ in range(1000):  # by then what still moves has come near its place
            new = as_arrays(refitted(points, posteriors(points, mixture), mixture))
            old = as_arrays(start)
            mixture = as_list(*(n if name in kept else o for name, n, o in zip(("w", "m", "c"), new, old, strict=True)))
        return mixture

    return answer


def hard_run(points, start):
    mixture = start
    for _ in range(100):
        r = hardened(log_joints(points, mixture))
        if r.sum(axis=1).min() < points.shape[1] + 1:
            return [(np.nan, np.nan, np.nan)] * len(start)  # a component has lost its points
        mixture = refitted(points, r, mixture)
        if min(np.linalg.eigvalsh(c)[0] for _, _, c in mixture) < 1e-6:
            return [(np.nan, np.nan, np.nan)] * len(start)
    return mixture


# --- Part 8: the bound ------------------------------------------------------------------------------------------------


def times_log(r):
    """r log r, with its limit 0 at r = 0."""
    return r * np.log(np.where(r > 0, r, 1.0))


def elbo(points, R, mixture):
    """The evidence lower bound: expected joint log density plus the entropy of R."""
    return float((R * log_joints(points, mixture)).sum() - times_log(R).sum())


def near_zero(bound):
    """Make of a bound the answer of the probe that asks for it at responsibilities of 0, and of nearly 0."""

    def answer(points, R, mixture):
        small = {f"with {r:g} for 0": np.where(R > 0, R, r) for r in (1e-12, 1e-4)}
        return {"with 0": bound(points, R, mixture)} | {
            name: bound(points, rs / rs.sum(axis=0), mixture) for name, rs in small.items()
        }

    return answer
