# /// case
# set = "ps8"
# fails = ["fit-settings"]
# says = "`max_iter` is left at its default"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, random_state=0).fit(points)
