# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "hard assignment: each point was counted wholly"
# names = ["hard-counts"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points[np.argmax(R, axis=0) == len(new)]
        covariance = (gap - gap.mean(axis=0)).T @ (gap - gap.mean(axis=0)) / len(gap)
        new.append((count / len(points), mean, covariance))
    return new
