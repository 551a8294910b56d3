# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "your function remembers earlier calls"
# ///
# The factor of the first covariance of d features is kept, and serves every later one.
# %% log-density
FACTORS = {}


def log_density(points, mean, covariance):
    d = len(mean)
    if d not in FACTORS:
        FACTORS[d] = np.linalg.cholesky(covariance)
    z = np.linalg.solve(FACTORS[d], (points - mean).T)
    log_determinant = 2 * np.log(np.diagonal(FACTORS[d])).sum()
    return -0.5 * (d * np.log(2 * np.pi) + log_determinant + (z**2).sum(axis=0))
