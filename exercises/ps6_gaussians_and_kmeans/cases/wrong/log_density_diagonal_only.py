# /// case
# set = "ps6"
# fails = ["log-density-near", "log-density-far"]
# says = "the variances alone: what stands beside the diagonal of the covariance"
# names = ["variances-alone"]
# ///
# Independent features, as in Gaussian naive Bayes. Right where there is one feature only.
# %% log-density
def log_density(points, mean, covariance):
    variance = np.diag(covariance)
    terms = np.log(2 * np.pi * variance) + (points - mean) ** 2 / variance
    return -0.5 * np.sum(terms, axis=1)
