# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the density: its logarithm is still to be taken"
# names = ["density-for-log"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return np.exp(-0.5 * (d * np.log(2 * np.pi) + 2 * np.sum(np.log(np.diag(L))) + np.sum(z**2, axis=0)))
