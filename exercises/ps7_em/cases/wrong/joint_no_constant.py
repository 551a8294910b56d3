# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "the constant, (2 pi)^(d/2), is missing"
# names = ["no-constant"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = (gap @ np.linalg.inv(covariance) * gap).sum(axis=1) / 2
        rows.append(np.log(weight) - 0 - np.linalg.slogdet(covariance)[1] / 2 - square)
    return np.array(rows)
