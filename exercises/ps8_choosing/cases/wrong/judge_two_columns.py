# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "counted for d = 2"
# names = ["d-is-2"]
# ///
# %% judge
def best_model(points, choices, thin):
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if collapsed(matrices(mixture), points.std(axis=0), thin):
            continue
        value = bic(mixture.score(points), free_parameters(kinds, 2, shape), len(points))
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
