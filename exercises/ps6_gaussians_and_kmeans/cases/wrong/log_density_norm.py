# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "a norm of the matrix in place of its determinant"
# names = ["norm-for-determinant"]
# ///
# Read off a formula with bars around Sigma.
# %% log-density
def log_density(points, mean, covariance):
    d = len(mean)
    y = points - mean
    squared = np.sum(y @ np.linalg.inv(covariance) * y, axis=1)
    return -0.5 * (d * np.log(2 * np.pi) + np.log(np.linalg.norm(covariance)) + squared)
