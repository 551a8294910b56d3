# /// case
# set = "ps6"
# fails = ["kinds-weights-means", "kinds-covariances"]
# says = "the first kind is left out"
# names = ["first-kind-left-out"]
# ///
# %% fit-kinds
def fit_kinds(points, labels, K):
    fits = [fit_gaussian(points[labels == k]) for k in range(1, K)]
    w = np.array([np.mean(labels == k) for k in range(1, K)])
    return w, np.array([m for m, _ in fits]), np.array([c for _, c in fits])
