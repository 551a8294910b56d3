# /// case
# set = "ps6"
# fails = ["kinds-covariances"]
# says = "the variances alone: what stands beside the diagonal is 0"
# names = ["diagonal-only"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(own.mean(axis=0))
        covariances.append(np.diag(own.var(axis=0)))
    return np.array(weights), np.array(means), np.array(covariances)
