# /// case
# set = "ps8"
# fails = ["fit-likelihood"]
# says = "a mixture of this kind reaches"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0).fit(points[::2])
