# /// case
# set = "ps7"
# fails = ["new-means"]
# says = "the mean is not divided by the sum"
# names = ["mean-not-divided"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points
        gap = points - r @ points / count
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
