# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "an n x n table: the product of all pairs of points"
# names = ["table-of-pairs"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    y = points - mean
    squared = y @ np.linalg.inv(covariance) @ y.T
    return -0.5 * (len(mean) * np.log(2 * np.pi) + np.linalg.slogdet(covariance)[1] + squared)
