# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "without responsibilities: every point counts"
# names = ["no-responsibilities"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = gap.T @ gap / len(points)
        new.append((count / len(points), mean, covariance))
    return new
