# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "len(points) is n, and d is len(mean)"
# names = ["points-for-dimensions"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    d = len(points)
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    return -d / 2 * np.log(2 * np.pi) - np.sum(np.log(np.diag(L))) - 0.5 * (z**2).sum(axis=0)
