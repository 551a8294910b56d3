# /// case
# set = "ps6"
# fails = ["kinds-weights-means"]
# says = "the weights are counts"
# names = ["weights-are-counts"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(float(len(own)))
        means.append(own.mean(axis=0))
        covariances.append(np.atleast_2d(np.cov(own.T, bias=True)))
    return np.array(weights), np.array(means), np.array(covariances)
