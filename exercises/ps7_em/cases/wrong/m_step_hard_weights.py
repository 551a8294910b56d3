# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = "hard assignment: each point was counted wholly"
# names = ["hard-counts"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((np.mean(np.argmax(R, axis=0) == len(new)), mean, covariance))
    return new
