# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "`best_model` has changed `points`"
# ///
# %% judge
def best_model(points, choices, thin):
    points -= points.mean(axis=0)
    n, d = points.shape
    values = {}
    for kinds, shape in choices:
        mixture = fitted(points, kinds, shape)
        if not collapsed(matrices(mixture), points.std(axis=0), thin):
            values[bic(mixture.score(points), free_parameters(kinds, d, shape), n)] = kinds, shape
    return values[min(values)]
