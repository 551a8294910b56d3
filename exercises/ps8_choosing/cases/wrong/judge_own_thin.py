# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "thin = 1e-05"
# names = []
# ///
# %% judge
def best_model(points, choices, thin):
    n, d = points.shape
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if collapsed(matrices(mixture), points.std(axis=0), 0.01):
            continue
        value = bic(mixture.score(points), free_parameters(kinds, d, shape), n)
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
