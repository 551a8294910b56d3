# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "gaps are divided by Sigma and then squared"
# names = ["divided-by-sigma"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = ((gap @ np.linalg.inv(covariance)) ** 2).sum(axis=1) / 2
        rows.append(np.log(weight) - d / 2 * np.log(2 * np.pi) - np.linalg.slogdet(covariance)[1] / 2 - square)
    return np.array(rows)
