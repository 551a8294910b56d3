# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the sum over all points: asked is one number for each"
# names = ["sum-over-points"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    n = len(points)
    return -0.5 * (n * d * np.log(2 * np.pi) + 2 * n * np.sum(np.log(np.diag(L))) + np.sum(z**2))
