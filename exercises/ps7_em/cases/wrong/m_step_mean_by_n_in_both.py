# /// case
# set = "ps7"
# fails = ["new-means", "new-covariances"]
# says = "a mean that was divided by n"
# names = ["mean-over-n", "about-mean-over-n"]
# ///
# One slip, two checks: the covariance is taken about the wrong mean.
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / len(points)
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
