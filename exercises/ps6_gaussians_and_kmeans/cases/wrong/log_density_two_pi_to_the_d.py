# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "(2 pi)^d in place of its root"
# names = ["two-pi-whole"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -d * np.log(2 * np.pi) - np.sum(np.log(np.diag(L))) - 0.5 * (z**2).sum(axis=0)
