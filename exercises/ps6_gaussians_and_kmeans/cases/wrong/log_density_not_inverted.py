# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the covariance is not inverted"
# names = ["not-inverted"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    d = len(mean)
    y = points - mean
    squared = np.sum(y @ covariance * y, axis=1)
    return -0.5 * (d * np.log(2 * np.pi) + np.linalg.slogdet(covariance)[1] + squared)
