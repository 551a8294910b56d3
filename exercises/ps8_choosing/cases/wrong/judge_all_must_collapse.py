# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "although one of its components has collapsed: one is enough"
# names = ["all-must-collapse", "no-spreads"]
# ///
# %% judge
def best_model(points, choices, thin):
    n, d = points.shape
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if len(collapsed(matrices(mixture), points.std(axis=0), thin)) == kinds:
            continue
        value = bic(mixture.score(points), free_parameters(kinds, d, shape), n)
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
