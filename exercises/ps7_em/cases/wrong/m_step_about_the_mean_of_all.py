# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "Sigma about the mean of all points"
# names = ["about-mean-of-all"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - points.mean(axis=0)
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
