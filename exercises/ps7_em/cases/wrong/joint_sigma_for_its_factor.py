# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "Sigma stands where its Cholesky factor should"
# names = ["sigma-for-factor"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = (np.linalg.solve(covariance, gap.T) ** 2).sum(axis=0) / 2
        rows.append(np.log(weight) - d / 2 * np.log(2 * np.pi) - np.log(np.linalg.det(covariance)) - square)
    return np.array(rows)
