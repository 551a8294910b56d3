# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far", "log-joint", "new-covariances"]
# says = "(2 pi)^(1/2) in place of"
# names = ["largest-alone", "root-2pi-once", "covariance-over-n"]
# ///
# Mistakes in early parts cost the later ones nothing: the E step, the fit and the bound are also tried with
# right ones.
# %% log-sum
def log_sum(a):
    return a.max(axis=0)
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gap, d = points - mean, len(mean)
        square = (gap @ np.linalg.inv(covariance) * gap).sum(axis=1) / 2
        rows.append(np.log(weight) - 1 / 2 * np.log(2 * np.pi) - np.linalg.slogdet(covariance)[1] / 2 - square)
    return np.array(rows)
# %% m-step
def refit(points, R, old):
    new = []
    for r, (old_weight, old_mean, old_covariance) in zip(R, old):
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        covariance = (r[:, None] * gap).T @ gap / len(points)
        new.append((count / len(points), mean, covariance))
    return new
