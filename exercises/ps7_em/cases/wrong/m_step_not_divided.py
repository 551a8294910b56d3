# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "Sigma is not divided at all"
# names = ["covariance-not-divided"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap
        new.append((count / len(points), mean, covariance))
    return new
