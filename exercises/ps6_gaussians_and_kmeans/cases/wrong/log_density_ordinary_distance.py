# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the ordinary distance: the covariance does not enter it"
# names = ["ordinary-distance"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    d = len(mean)
    squared = np.linalg.norm(points - mean, axis=1) ** 2
    return -0.5 * (d * np.log(2 * np.pi) + np.linalg.slogdet(covariance)[1] + squared)
