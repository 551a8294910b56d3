# /// case
# set = "ps7"
# fails = ["new-weights", "new-means"]
# says = "the mean comes first in each triple"
# names = ["mean-first"]
# ///
# %% m-step
def refit(points, R, old):
    out = []
    for r in R:
        c = r.sum(); m = r @ points / c; g = points - m
        out.append((m, c / len(points), (r[:, None] * g).T @ g / c))
    return out
