# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the constant -d/2 log(2 pi) is missing"
# names = ["no-constant"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    return -np.sum(np.log(np.diag(L))) - 0.5 * (z**2).sum(axis=0)
