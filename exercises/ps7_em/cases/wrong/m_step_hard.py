# /// case
# set = "ps7"
# fails = ["new-weights", "new-means", "new-covariances"]
# says = "hard assignment: each point was counted wholly"
# names = ["hard-counts"]
# ///
# %% m-step
def refit(points, R, old):
    R = (R == R.max(axis=0)) * 1.0
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
