# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = "`refit` has changed `old`"
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    old[:] = new
    return new
