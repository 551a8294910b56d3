# /// case
# set = "ps9"
# fails = []
# says = ""
# ///
# %% densities
def log_densities(points, means, diagonals, corners):
    K, d = means.value.shape
    below = np.tril(np.ones((d, d)), -1)
    rows = 0.0
    for k in range(K):
        W = corners[k] * below + diagonals[k].exp() * np.eye(d)
        z = (points - means[k]) @ W
        row = diagonals[k].sum() - (z * z).sum(axis=1) * 0.5 - 0.5 * d * np.log(2 * np.pi)
        rows = rows + row.reshape((1, len(points))) * np.eye(K)[:, [k]]
    return rows
# %% weights
def log_weights(logits):
    top = float(np.max(logits.value))
    total = (logits - top).exp().sum()
    return (logits - top) - total.log()
