# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the determinant in place of its square root"
# names = ["determinant-for-root"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -d / 2 * np.log(2 * np.pi) - np.linalg.slogdet(covariance)[1] - 0.5 * np.sum(z**2, axis=0)
