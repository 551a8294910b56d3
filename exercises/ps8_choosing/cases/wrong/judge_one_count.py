# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "the parameters of one shape are counted for every choice"
# names = ["one-count-for-all", "highest-likelihood"]
# ///
# %% judge
def best_model(points, choices, thin):
    n, d = points.shape
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if collapsed(matrices(mixture), points.std(axis=0), thin):
            continue
        value = bic(mixture.score(points), free_parameters(kinds, d, "full"), n)
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
