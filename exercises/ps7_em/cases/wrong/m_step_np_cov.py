# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "`np.cov` divides by less than N_k"
# names = ["np-cov-ddof"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = np.cov(points.T, aweights=r)
        new.append((count / len(points), mean, covariance))
    return new
