# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the determinant in place of its logarithm"
# names = ["determinant-for-log"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    d = len(mean)
    y = points - mean
    squared = np.sum(y @ np.linalg.inv(covariance) * y, axis=1)
    return -0.5 * (d * np.log(2 * np.pi) + np.linalg.det(covariance) + squared)
