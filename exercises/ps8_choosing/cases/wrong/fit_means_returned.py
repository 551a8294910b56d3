# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood"]
# says = "what is returned is not a fitted mixture"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0).fit(points).means_
