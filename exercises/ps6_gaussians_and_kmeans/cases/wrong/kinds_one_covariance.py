# /// case
# set = "ps6"
# fails = ["kinds-covariances"]
# says = "one covariance for all kinds"
# names = ["one-covariance"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    weights = np.array([np.mean(labels == k) for k in range(K)])
    means = np.array([points[labels == k].mean(axis=0) for k in range(K)])
    centred = points - means[labels]
    covariance = centred.T @ centred / len(points)
    return weights, means, np.array([covariance] * K)
