# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "of one row e is a number"
# names = ["row-times-row"]
# ///
# A formula with columns, copied for rows.
# %% m-step
def refit(points, R, old):
    new = []
    for r in R:
        count = r.sum()
        mean = r @ points / count
        covariance = np.zeros((len(mean), len(mean)))
        for share, e in zip(r, points - mean):
            covariance += share * e @ e.T
        new.append((count / len(points), mean, covariance / count))
    return new
