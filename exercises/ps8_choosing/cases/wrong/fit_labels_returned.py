# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood"]
# says = "return the object itself, after `fit`"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0).fit_predict(points)
