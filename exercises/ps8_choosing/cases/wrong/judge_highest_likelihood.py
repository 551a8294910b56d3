# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "the highest likelihood"
# names = ["highest-likelihood", "one-count-for-all"]
# ///
# %% judge
def best_model(points, choices, thin):
    best, lowest = None, np.inf
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if collapsed(matrices(mixture), points.std(axis=0), thin):
            continue
        value = -mixture.score(points)
        if value < lowest:
            best, lowest = (kinds, shape), value
    return best
