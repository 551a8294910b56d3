# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "the spreads are not used"
# names = ["no-spreads", "all-must-collapse"]
# ///
# %% judge
def best_model(points, choices, thin):
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if collapsed(matrices(mixture), np.ones(points.shape[1]), thin):
            continue
        value = bic(mixture.score(points), free_parameters(kinds, points.shape[1], shape), len(points))
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
