# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood"]
# says = "a GaussianMixture of scikit-learn"
# names = []
# ///
# The settings are written down, and nothing is fitted.
# %% fit
class Settings:
    n_init, tol, max_iter, random_state, means_ = 10, 1e-6, 1000, 0, None


def fitted(points, kinds, shape):
    mixture = Settings()
    mixture.n_components, mixture.covariance_type = kinds, shape
    return mixture
