# /// case
# set = "ps8"
# fails = ["fit-settings"]
# says = "`n_init` is left at its default"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, tol=1e-6, max_iter=1000, random_state=0).fit(points)
