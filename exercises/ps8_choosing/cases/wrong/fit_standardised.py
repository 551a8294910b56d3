# /// case
# set = "ps8"
# fails = ["fit-likelihood"]
# says = "fitted to standardised points"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0).fit((points - points.mean(axis=0)) / points.std(axis=0))
