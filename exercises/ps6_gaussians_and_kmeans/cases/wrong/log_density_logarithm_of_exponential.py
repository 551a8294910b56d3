# /// case
# set = "ps6"
# fails = ["log-density-far"]
# says = "log(exp(...)): the exponential of a far point's exponent is 0"
# names = ["through-exponential"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    z = np.linalg.solve(L, (points - mean).T)
    d = len(mean)
    shape = np.exp(-0.5 * np.sum(z**2, axis=0))
    return np.log(shape) - d / 2 * np.log(2 * np.pi) - np.sum(np.log(np.diag(L)))
