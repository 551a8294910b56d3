# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "the determinant is missing"
# names = ["no-determinant"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = (gap @ np.linalg.inv(covariance) * gap).sum(axis=1) / 2
        rows.append(np.log(weight) - d / 2 * np.log(2 * np.pi) - 0 - square)
    return np.array(rows)
