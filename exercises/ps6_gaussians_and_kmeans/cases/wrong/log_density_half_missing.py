# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the factor 1/2 before the squared distance is missing"
# names = ["half-missing"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -d / 2 * np.log(2 * np.pi) - np.sum(np.log(np.diag(L))) - np.sum(z**2, axis=0)
