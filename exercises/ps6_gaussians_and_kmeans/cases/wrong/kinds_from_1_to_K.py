# /// case
# set = "ps6"
# fails = ["kinds-weights-means", "kinds-covariances"]
# says = "the kinds are counted from 1 to K"
# names = ["kinds-from-1"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    w = np.array([np.mean(labels == k) for k in range(1, K + 1)])
    fits = [fit_gaussian(points[labels == k]) for k in range(1, K + 1)]
    return w, np.array([m for m, _ in fits]), np.array([c for _, c in fits])
