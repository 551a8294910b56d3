# /// case
# set = "ps6"
# fails = ["kinds-covariances"]
# says = "np.atleast_2d makes a matrix of it"
# names = ["np-cov-numbers"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(own.mean(axis=0))
        covariances.append(np.cov(own.T, bias=True))
    return np.array(weights), np.array(means), np.array(covariances)
