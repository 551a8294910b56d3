# /// case
# set = "ps8"
# fails = ["fit-settings", "count-full", "count-tied", "count-variances", "bic-value", "collapsed-directions", "collapsed-units"]
# says = "the weights sum to 1: one of them follows from the others and is not free"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds, covariance_type=shape, tol=1e-6, max_iter=1000, random_state=0).fit(points)
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return kinds + kinds * d + covariances
# %% bic
def bic(score, p, n):
    return 2 * n * score - p * np.log(n)
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c / np.outer(spread, spread)
        if np.diag(m).min() < thin**2:
            bad.append(number)
    return bad
