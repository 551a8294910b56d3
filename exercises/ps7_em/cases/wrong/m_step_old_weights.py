# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = "the old weights"
# names = ["old-weights"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((old_weight, mean, covariance))
    return new
