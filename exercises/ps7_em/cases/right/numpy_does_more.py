# /// case
# set = "ps7"
# fails = []
# ///
# logaddexp, einsum, np.average and np.cov with ddof=0; E[xx'] - mu mu' for the covariance would do too.
# %% log-sum
def log_sum(a):
    return np.logaddexp.reduce(a, axis=0)
# %% joint
def log_joint(points, mixture):
    weights, means, covariances = (np.array(column) for column in zip(*mixture))
    gap = points[None] - means[:, None]
    square = np.einsum("kni,kij,knj->kn", gap, np.linalg.inv(covariances), gap)
    log_det = np.linalg.slogdet(2 * np.pi * covariances)[1]
    return np.log(weights)[:, None] - (square + log_det[:, None]) / 2
# %% m-step
def refit(points, R, old):
    means = [np.average(points, axis=0, weights=r) for r in R]
    return list(zip(R.mean(axis=1), means, [np.cov(points.T, aweights=r, ddof=0) for r in R]))
# %% elbo
def lower_bound(points, R, mixture):
    return np.sum(R * log_joint(points, mixture)) - np.sum(R * np.log(R + 1e-300))
