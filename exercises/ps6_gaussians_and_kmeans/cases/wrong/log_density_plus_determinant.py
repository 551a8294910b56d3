# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "it stands below the line, so that its sign is minus"
# names = ["determinant-added"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    return -len(mean) / 2 * np.log(2 * np.pi) + np.sum(np.log(np.diag(L))) - 0.5 * (z**2).sum(axis=0)
