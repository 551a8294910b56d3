# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "Sigma about a mean that was divided by n"
# names = ["about-mean-over-n"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - r @ points / len(points)
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
