# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = "summed along the wrong axis"
# names = ["summed-wrong-axis"]
# ///
# %% m-step
def refit(points, R, old):
    weights = R.sum(axis=0) / len(points)
    new = []
    for k, r in enumerate(R):
        mean = r @ points / r.sum()
        gap = points - mean
        new.append((weights[k], mean, (r[:, None] * gap).T @ gap / r.sum()))
    return new
