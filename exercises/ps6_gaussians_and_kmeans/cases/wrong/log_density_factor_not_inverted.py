# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "multiplied by the Cholesky factor in place of its inverse"
# names = ["factor-multiplied"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = L @ (points - mean).T
    return -0.5 * (len(mean) * np.log(2 * np.pi) + 2 * np.sum(np.log(np.diag(L))) + np.sum(z**2, axis=0))
