# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the product of the variances in place of the determinant"
# names = ["product-of-variances"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -0.5 * (d * np.log(2 * np.pi) + np.sum(np.log(np.diag(covariance))) + np.sum(z**2, axis=0))
