# /// case
# set = "ps8"
# fails = ["fit-settings"]
# says = "tomorrow's answer may be another"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000).fit(points)
