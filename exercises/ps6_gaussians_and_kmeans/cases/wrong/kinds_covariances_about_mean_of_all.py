# /// case
# set = "ps6"
# fails = ["kinds-covariances"]
# says = "about the mean of all points"
# names = ["about-mean-of-all"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(own.mean(axis=0))
        covariances.append((own - points.mean(axis=0)).T @ (own - points.mean(axis=0)) / len(own))
    return np.array(weights), np.array(means), np.array(covariances)
