# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "a factor 2 is missing: log |Sigma| is twice"
# names = ["factor-2-missing"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    log_determinant = np.sum(np.log(np.diag(L)))
    return -0.5 * (d * np.log(2 * np.pi) + log_determinant + np.sum(z**2, axis=0))
