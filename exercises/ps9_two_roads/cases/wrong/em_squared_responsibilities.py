# /// case
# set = "ps9"
# fails = ["em-step"]
# says = "the responsibilities count twice"
# names = ["responsibilities-twice"]
# ///
# %% em
def em_step(points, parameters):
    logits, means, diagonals, corners = parameters
    joint = log_weights(Node(logits)).value[:, None] + log_densities(points, Node(means), Node(diagonals), Node(corners)).value
    r = np.exp(joint - joint.max(axis=0))
    r = r / r.sum(axis=0)
    counts = r.sum(axis=1)
    new = r @ points / counts[:, None]
    centred = points - new[:, None, :]
    S = np.einsum("kn,kni,knj->kij", r**2, centred, centred) / counts[:, None, None]
    W = np.linalg.cholesky(np.linalg.inv(S))
    return [np.log(counts / len(points)), new, np.log(np.diagonal(W, axis1=1, axis2=2)), np.tril(W, -1)]
