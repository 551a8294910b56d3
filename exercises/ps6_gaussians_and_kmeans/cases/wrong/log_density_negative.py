# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "minus the log density"
# names = ["minus-log"]
# ///
# The negative log-likelihood, as a minimiser wants it.
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return 0.5 * (d * np.log(2 * np.pi) + 2 * np.sum(np.log(np.diag(L))) + np.sum(z**2, axis=0))
