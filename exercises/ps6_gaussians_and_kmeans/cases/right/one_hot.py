# /// case
# set = "ps6"
# fails = []
# ///
# Labels as a table of 0 and 1, as in an M step; |x - c|^2 multiplied out.
# %% fit-kinds
def fit_kinds(points, labels, K):
    R = np.eye(K)[labels]
    n_k = R.sum(axis=0)
    means = (R.T @ points) / n_k[:, None]
    y = points - means[labels]
    return n_k / n_k.sum(), means, np.einsum("nk,ni,nj->kij", R, y, y) / n_k[:, None, None]
# %% nearest
def nearest(points, centres):
    return np.argmax(points @ centres.T - 0.5 * (centres**2).sum(axis=1), axis=1)
# %% move
def move(points, labels, centres):
    R = (labels[:, None] == np.arange(len(centres))) * 1.0
    n_k = R.sum(axis=0)
    return np.where(n_k[:, None] > 0, R.T @ points / np.maximum(n_k, 1)[:, None], centres)
# %% inertia
def inertia(points, centres):
    squared = (points**2).sum(axis=1)[:, None] - 2 * points @ centres.T + (centres**2).sum(axis=1)
    return squared.min(axis=1).sum()
