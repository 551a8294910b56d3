# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood"]
# says = "shape of weights_"
# names = []
# ///
# The right class with the settings that were asked for, and what it should have found is left blank.
# %% fit
def fitted(points, kinds, shape):
    mixture = GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0)
    mixture.weights_ = mixture.covariances_ = mixture.means_ = None
    return mixture
