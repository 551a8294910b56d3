# /// case
# set = "ps6"
# fails = ["kinds-covariances"]
# says = "the covariance of all points for every kind"
# names = ["np-cov-labels-unused"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(own.mean(axis=0))
        covariances.append(np.cov(points.T, ddof=0))
    return np.array(weights), np.array(means), np.array(covariances)
