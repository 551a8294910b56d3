# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "np.log10 is the logarithm to the base 10"
# names = ["log-of-base-10"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -d / 2 * np.log10(2 * np.pi) - np.sum(np.log10(np.diag(L))) - 0.5 * (z**2).sum(axis=0)
