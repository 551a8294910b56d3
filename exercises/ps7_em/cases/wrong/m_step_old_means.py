# /// case
# set = "ps7"
# fails = ["new-means"]
# says = "the old means"
# names = ["old-means-kept"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = old_mean
        gap = points - r @ points / count
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
