# /// case
# set = "ps6"
# fails = ["kinds-weights-means"]
# says = "the mean of all points for every kind"
# names = ["labels-unused-means"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(points.mean(axis=0))
        covariances.append(np.atleast_2d(np.cov(own.T, bias=True)))
    return np.array(weights), np.array(means), np.array(covariances)
