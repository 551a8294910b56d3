# /// case
# set = "ps7"
# fails = []
# ///
# Loops over points and components in place of arrays; the density by inverse and determinant.
# %% means
def better_means(x, means, sigma):
    sums, counts = [0.0] * len(means), [0.0] * len(means)
    for point in x:
        density = [np.exp(-((point - mean) ** 2) / (2 * sigma**2)) for mean in means]
        for k in range(len(means)):
            sums[k] += density[k] / sum(density) * point
            counts[k] += density[k] / sum(density)
    return np.array([s / c for s, c in zip(sums, counts)])
# %% log-sum
import math


def log_sum(a):
    sums = []
    for column in a.T:
        top = max(column)
        sums.append(top + math.log(sum(math.exp(entry - top) for entry in column)))
    return np.array(sums)
# %% joint
def log_joint(points, mixture):
    a = np.zeros((len(mixture), len(points)))
    for k, (weight, mean, covariance) in enumerate(mixture):
        inverse = np.linalg.inv(covariance)
        log_det = np.log(np.linalg.det(covariance))
        for n, point in enumerate(points):
            gap = point - mean
            a[k, n] = np.log(weight) - 0.5 * (len(gap) * np.log(2 * np.pi) + log_det + gap @ inverse @ gap)
    return a
# %% e-step
def memberships(points, mixture):
    a = log_joint(points, mixture)
    R, total = np.zeros_like(a), 0.0
    for n in range(len(points)):
        log_density = log_sum(a[:, n : n + 1])[0]
        total += log_density
        for k in range(len(mixture)):
            R[k, n] = np.exp(a[k, n] - log_density)
    return R, total
# %% m-step
def refit(points, R, old):
    n, d = points.shape
    new = []
    for k in range(len(R)):
        count, mean, covariance = 0.0, np.zeros(d), np.zeros((d, d))
        for i in range(n):
            count += R[k, i]
            mean += R[k, i] * points[i]
        mean /= count
        for i in range(n):
            covariance += R[k, i] * np.outer(points[i] - mean, points[i] - mean)
        new.append([count / n, mean, covariance / count])
    return new
# %% elbo
def lower_bound(points, R, mixture):
    a = log_joint(points, mixture)
    total = 0.0
    for k in range(R.shape[0]):
        for n in range(R.shape[1]):
            if R[k, n] > 0:
                total += R[k, n] * (a[k, n] - np.log(R[k, n]))
    return total
