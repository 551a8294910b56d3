# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "Sigma in place of its inverse"
# names = ["not-inverted"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = (gap @ covariance * gap).sum(axis=1) / 2
        rows.append(np.log(weight) - d / 2 * np.log(2 * np.pi) - np.linalg.slogdet(covariance)[1] / 2 - square)
    return np.array(rows)
