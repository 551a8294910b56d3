# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "(2 pi)^(1/2) whatever the dimension"
# names = ["root-2pi-once"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    return -0.5 * np.log(2 * np.pi) - np.sum(np.log(np.diag(L))) - 0.5 * np.sum(z**2, axis=0)
