# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "the weight itself is added"
# names = ["weight-not-log"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = (gap @ np.linalg.inv(covariance) * gap).sum(axis=1) / 2
        rows.append(weight - d / 2 * np.log(2 * np.pi) - np.linalg.slogdet(covariance)[1] / 2 - square)
    return np.array(rows)
