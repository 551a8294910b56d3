# /// case
# set = "ps9"
# fails = ["em-step"]
# says = "the logits stay as they were"
# names = ["old-logits"]
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
        W = np.linalg.cholesky(np.linalg.inv((r[k][:, None] * z).T @ z / N[k]))
        D.append(np.log(np.diag(W))); C.append(W)
    return [parameters[0], m, np.array(D), np.array(C)]
