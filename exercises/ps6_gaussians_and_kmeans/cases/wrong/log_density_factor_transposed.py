# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the Cholesky factor is transposed"
# names = ["factor-transposed"]
# ///
# Rows times the inverse: that is the inverse of the transposed factor.
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = (points - mean) @ np.linalg.inv(L)
    return -0.5 * (len(mean) * np.log(2 * np.pi) + 2 * np.sum(np.log(np.diag(L))) + np.sum(z**2, axis=1))
