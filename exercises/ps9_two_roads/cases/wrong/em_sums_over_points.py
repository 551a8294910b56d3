# /// case
# set = "ps9"
# fails = ["em-step"]
# says = "are normalised over the points, once each point's largest logarithm is out"
# names = ["largest-out-and-over-points"]
# ///
# %% em
def em_step(points, parameters):
    logits, means, diagonals, corners = parameters
    densities = log_densities(points, Node(means), Node(diagonals), Node(corners)).value
    joint = log_weights(Node(logits)).value[:, None] + densities
    r = np.exp(joint - joint.max(axis=0))
    r = r / r.sum(axis=1, keepdims=True)
    counts = r.sum(axis=1)
    means = r @ points / counts[:, None]
    centred = points - means[:, None, :]
    covariances = np.einsum("kn,kni,knj->kij", r, centred, centred) / counts[:, None, None]
    factors = np.linalg.cholesky(np.linalg.inv(covariances))
    return [np.log(counts), means, np.log(np.diagonal(factors, axis1=1, axis2=2)), np.tril(factors, -1)]
