# /// case
# set = "ps7"
# fails = ["new-means"]
# says = "hard assignment: each point was counted wholly"
# names = ["hard-counts"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = points[np.argmax(R, axis=0) == len(new)].mean(axis=0)
        gap = points - r @ points / count
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(points), mean, covariance))
    return new
