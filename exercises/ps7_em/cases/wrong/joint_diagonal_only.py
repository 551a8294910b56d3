# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "the diagonal of Sigma only"
# names = ["diagonal-only"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = (gap**2 / np.diag(covariance)).sum(axis=1) / 2
        rows.append(np.log(weight) - d / 2 * np.log(2 * np.pi) - np.log(np.diag(covariance)).sum() / 2 - square)
    return np.array(rows)
