# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "E[x x'] still holds mu mu'"
# names = ["mean-not-taken-off"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * points).T @ points / count
        new.append((count / len(points), mean, covariance))
    return new
