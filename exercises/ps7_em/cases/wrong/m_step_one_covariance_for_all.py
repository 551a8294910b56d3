# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "one covariance for all components"
# names = ["one-covariance"]
# ///
# %% m-step
def refit(points, R, old):
    weights = R.sum(axis=1) / len(points)
    means = [r @ points / r.sum() for r in R]
    covariance = sum((r[:, None] * (points - m)).T @ (points - m) for r, m in zip(R, means)) / len(points)
    return [(w, m, covariance) for w, m in zip(weights, means)]
