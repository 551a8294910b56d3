# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "as a variance taken for a standard deviation"
# names = ["covariance-for-root"]
# ///
# (x - sigma) / sigma in one dimension, carried over to d with Sigma for sigma.
# %% log-density
def log_density(points, mean, covariance):
    d = len(mean)
    z = np.linalg.solve(covariance, (points - mean).T)
    return -d / 2 * np.log(2 * np.pi) - np.linalg.slogdet(covariance)[1] - 0.5 * np.sum(z**2, axis=0)
