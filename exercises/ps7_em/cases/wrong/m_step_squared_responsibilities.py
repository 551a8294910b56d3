# /// case
# set = "ps7"
# fails = ["new-means"]
# says = "the responsibilities are squared"
# names = ["squared-responsibilities"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r**2 @ points / (r**2).sum()
        gap = points - r @ points / count
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
