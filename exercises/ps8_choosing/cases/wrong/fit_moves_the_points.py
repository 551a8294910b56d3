# /// case
# set = "ps8"
# fails = ["fit-settings"]
# says = "`fitted` has changed `points`"
# ///
# %% fit
def fitted(points, kinds, shape):
    middle = points.mean(axis=0)
    points -= middle
    mixture = GaussianMixture(kinds, covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0)
    mixture.fit(points)
    mixture.means_ += middle
    return mixture
