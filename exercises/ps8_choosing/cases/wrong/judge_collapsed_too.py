# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "a collapsed model has no say"
# names = ["collapsed-allowed"]
# ///
# %% judge
def best_model(points, choices, thin):
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        value = bic(mixture.score(points), free_parameters(kinds, points.shape[1], shape), len(points))
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
