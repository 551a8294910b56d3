# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = "equal weights, 1/K"
# names = ["new-weights-equal"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((1 / len(R), mean, covariance))
    return new
