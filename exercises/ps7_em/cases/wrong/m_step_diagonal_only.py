# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "the diagonal of Sigma only"
# names = ["covariance-diagonal-only"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = np.diag(r @ gap**2 / count)
        new.append((count / len(points), mean, covariance))
    return new
