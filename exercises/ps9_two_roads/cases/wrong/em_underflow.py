# /// case
# set = "ps9"
# fails = ["em-step"]
# says = "all densities of a far point underflow"
# names = ["em-underflow"]
# ///
# %% em
def em_step(points, parameters):
    logits, means, diagonals, corners = parameters
    densities = np.exp(log_densities(points, Node(means), Node(diagonals), Node(corners)).value)
    weighted = np.exp(log_weights(Node(logits)).value)[:, None] * densities
    r = weighted / weighted.sum(axis=0)
    counts = r.sum(axis=1)
    means = r @ points / counts[:, None]
    centred = points - means[:, None, :]
    covariances = np.einsum("kn,kni,knj->kij", r, centred, centred) / counts[:, None, None]
    factors = np.linalg.cholesky(np.linalg.inv(covariances))
    return [np.log(counts), means, np.log(np.diagonal(factors, axis1=1, axis2=2)), np.tril(factors, -1)]
