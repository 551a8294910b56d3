# /// case
# set = "ps7"
# fails = ["new-covariances"]
# says = "a small number is added to the diagonal"
# names = ["diagonal-raised"]
# ///
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / count + 1e-6 * np.eye(points.shape[1])
        new.append((count / len(points), mean, covariance))
    return new
