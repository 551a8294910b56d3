# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood"]
# says = "has seen no points before its method `fit` is called"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0)
