# /// case
# set = "ps6"
# fails = ["kinds-weights-means", "kinds-covariances"]
# says = "about means that were divided by n"
# names = ["means-over-n", "about-wrong-means"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        mean = own.sum(axis=0) / len(points)
        weights.append(len(own) / len(points))
        means.append(mean)
        covariances.append((own - mean).T @ (own - mean) / len(own))
    return np.array(weights), np.array(means), np.array(covariances)
