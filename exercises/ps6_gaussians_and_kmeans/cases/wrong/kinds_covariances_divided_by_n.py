# /// case
# set = "ps6"
# fails = ["kinds-covariances"]
# says = "divided by n, not by the number of points of the kind"
# names = ["covariances-over-n"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(own.mean(axis=0))
        covariances.append((own - own.mean(axis=0)).T @ (own - own.mean(axis=0)) / len(points))
    return np.array(weights), np.array(means), np.array(covariances)
