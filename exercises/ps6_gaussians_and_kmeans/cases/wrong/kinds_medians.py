# /// case
# set = "ps6"
# fails = ["kinds-weights-means"]
# says = "medians in place of means"
# names = ["medians"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(np.median(own, axis=0))
        covariances.append(np.atleast_2d(np.cov(own.T, bias=True)))
    return np.array(weights), np.array(means), np.array(covariances)
