# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "the standard deviations"
# names = ["standard-deviations"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = np.diag(np.sqrt(r @ gap**2 / count))
        new.append((count / len(points), mean, covariance))
    return new
