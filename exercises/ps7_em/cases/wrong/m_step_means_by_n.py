# /// case
# set = "ps7"
# fails = ["new-means"]
# says = "the mean is divided by n"
# names = ["mean-over-n"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / len(points)
        gap = points - r @ points / count
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
