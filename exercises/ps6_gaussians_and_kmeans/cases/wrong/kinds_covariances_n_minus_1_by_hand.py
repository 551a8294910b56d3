# /// case
# set = "ps6"
# fails = ["kinds-covariances"]
# says = "divided by n_k - 1"
# names = ["over-nk-minus-1"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights, means, covariances = [], [], []
    for k in range(K):
        own = points[labels == k]
        weights.append(len(own) / len(points))
        means.append(own.mean(axis=0))
        covariances.append((own - means[k]).T @ (own - means[k]) / (len(own) - 1))
    return np.array(weights), np.array(means), np.array(covariances)
