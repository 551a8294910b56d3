# /// case
# set = "ps6"
# fails = []
# ///
# Loops in place of arrays; it stops when no centre moves.
# %% log-density
import math


def log_density(points, mean, covariance):
    d = len(mean)
    L = np.linalg.cholesky(covariance)
    answer = np.zeros(len(points))
    for i in range(len(points)):
        total = d * math.log(2 * math.pi)
        z = np.zeros(d)
        for row in range(d):
            z[row] = points[i, row] - mean[row]
            for column in range(row):
                z[row] -= L[row, column] * z[column]
            z[row] /= L[row, row]
            total += z[row] ** 2 + 2 * math.log(L[row, row])
        answer[i] = -total / 2
    return answer
# %% fit-gaussian
def fit_gaussian(points):
    n, d = points.shape
    mean = np.zeros(d)
    for point in points:
        mean += point / n
    covariance = np.zeros((d, d))
    for point in points:
        covariance += np.outer(point - mean, point - mean) / n
    return mean, covariance
# %% fit-kinds
def fit_kinds(points, labels, K):
    d = points.shape[1]
    weights, means, covariances = np.zeros(K), np.zeros((K, d)), np.zeros((K, d, d))
    for k in range(K):
        own = [point for point, label in zip(points, labels) if label == k]
        weights[k] = len(own) / len(points)
        means[k] = sum(own) / len(own)
        covariances[k] = sum(np.outer(x - means[k], x - means[k]) for x in own) / len(own)
    return weights, means, covariances
# %% nearest
def nearest(points, centres):
    labels = []
    for point in points:
        distances = [math.dist(point, centre) for centre in centres]
        labels.append(distances.index(min(distances)))
    return np.array(labels)
# %% move
def move(points, labels, centres):
    new = []
    for k, centre in enumerate(centres):
        own = points[np.array(labels) == k]
        new.append(sum(own) / len(own) if len(own) > 0 else centre)
    return np.array(new)
# %% inertia
def inertia(points, centres):
    return sum(min(sum((x - c) ** 2 for x, c in zip(point, centre)) for centre in centres) for point in points)
# %% lloyd
def lloyd(points, centres):
    old = None
    while old is None or not (old == centres).all():
        old = centres
        labels = nearest(points, centres)
        centres = move(points, labels, centres)
    return centres, labels
