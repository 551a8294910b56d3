# /// case
# set = "ps6"
# fails = ["log-density-far"]
# says = "log |Sigma| by way of |Sigma|, which under- or overflows"
# names = ["through-determinant"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    y = points - mean
    squared = np.sum(y @ np.linalg.inv(covariance) * y, axis=1)
    return -0.5 * (len(mean) * np.log(2 * np.pi) + np.log(np.linalg.det(covariance)) + squared)
