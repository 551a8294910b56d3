# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = "divided by K in place of n"
# names = ["over-k"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count
        new.append((count / len(R), mean, covariance))
    return new
