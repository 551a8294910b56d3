# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "`points.size` is n d"
# names = ["aic", "size-for-n"]
# ///
# %% judge
def best_model(points, choices, thin):
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if collapsed(matrices(mixture), points.std(axis=0), thin):
            continue
        value = bic(mixture.score(points), free_parameters(kinds, points.shape[1], shape), points.size)
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
