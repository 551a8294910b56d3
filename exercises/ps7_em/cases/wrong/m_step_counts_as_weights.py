# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = "are not divided by n, so that the weights"
# names = ["new-weights-not-divided"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count, mean, covariance))
    return new
