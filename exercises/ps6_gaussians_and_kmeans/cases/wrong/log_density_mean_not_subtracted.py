# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the mean is not subtracted"
# names = ["mean-kept"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, points.T)
    return -0.5 * (len(mean) * np.log(2 * np.pi) + 2 * np.sum(np.log(np.diag(L))) + np.sum(z**2, axis=0))
