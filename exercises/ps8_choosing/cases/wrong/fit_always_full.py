# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood"]
# says = "`covariance_type` is left at its default"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, n_init=10, tol=1e-6, max_iter=1000, random_state=0).fit(points)
