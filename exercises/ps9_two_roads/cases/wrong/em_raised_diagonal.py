# /// case
# set = "ps9"
# fails = ["em-step"]
# says = "a small number is added to the diagonal"
# names = ["diagonal-raised"]
# ///
# %% em
def em_step(points, parameters):
    n, d = points.shape
    logits, means, diagonals, corners = map(Node, parameters)
    K = len(parameters[0])
    a = (log_densities(points, means, diagonals, corners) + log_weights(logits).reshape((K, 1))).value
    r = np.exp(a - a.max(axis=0)); r /= r.sum(axis=0)
    N = r.sum(axis=1); m = r @ points / N[:, None]
    D, C = [], []
    for k in range(K):
        z = points - m[k]
        W = np.linalg.cholesky(np.linalg.inv((r[k][:, None] * z).T @ z / N[k] + 1e-6 * np.eye(d)))
        D.append(np.log(np.diag(W))); C.append(W)
    return [np.log(N), m, np.array(D), np.array(C)]
