# /// case
# set = "ps8"
# fails = []
# says = ""
# ///
# %% judge
def best_model(points, choices, thin):
    fits = {}
    for kinds, shape in choices:
        mixture = GaussianMixture(n_components=kinds, covariance_type=shape, n_init=20, tol=1e-5, random_state=4)
        mixture.fit(points)
        if not collapsed(matrices(mixture), np.std(points, axis=0, ddof=1), thin):
            fits[mixture.bic(points)] = [kinds, shape]
    return fits[min(fits)]
