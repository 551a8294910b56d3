# /// case
# set = "ps8"
# fails = ["fit-settings"]
# says = "the tolerance is left at its default"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, max_iter=1000, random_state=0).fit(points)
