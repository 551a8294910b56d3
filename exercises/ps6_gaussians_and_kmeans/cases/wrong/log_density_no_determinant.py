# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the determinant is missing"
# names = ["no-determinant"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -0.5 * (d * np.log(2 * np.pi) + np.sum(z**2, axis=0))
