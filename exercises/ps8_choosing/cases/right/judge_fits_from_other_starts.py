# /// case
# set = "ps8"
# fails = []
# says = ""
# ///
# %% judge
def best_model(points, choices, thin):
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = GaussianMixture(kinds, covariance_type=shape, n_init=3, random_state=1).fit(points)
        value = mixture.bic(points)
        if value < lowest and not collapsed(matrices(mixture), points.std(axis=0), thin):
            best, lowest = (kinds, shape), value
    return best
