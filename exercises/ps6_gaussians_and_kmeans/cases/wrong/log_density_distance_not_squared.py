# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the distance in place of its square"
# names = ["distance-not-squared"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -0.5 * (d * np.log(2 * np.pi) + 2 * np.sum(np.log(np.diag(L))) + np.linalg.norm(z, axis=0))
