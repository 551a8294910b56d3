# /// case
# set = "ps9"
# fails = []
# says = ""
# ///
# %% em
def em_step(points, parameters):
    logits, means, diagonals, corners = parameters
    K, d = means.shape
    joint = []
    for k in range(K):
        W = np.tril(corners[k], -1) + np.diag(np.exp(diagonals[k]))
        z = (points - means[k]) @ W
        joint.append(logits[k] + diagonals[k].sum() - (z * z).sum(axis=1) / 2)
    joint = np.array(joint)
    r = np.exp(joint - joint.max(axis=0))
    r /= r.sum(axis=0)
    new = [np.zeros(K), np.zeros((K, d)), np.zeros((K, d)), np.ones((K, d, d))]
    for k in range(K):
        S = np.cov(points.T, aweights=r[k], bias=True)
        W = np.linalg.cholesky(np.linalg.inv(S))
        new[0][k] = 5.0 + np.log(r[k].sum())
        new[1][k] = np.average(points, axis=0, weights=r[k])
        new[2][k] = np.log(np.diag(W))
        new[3][k] = W
    return new
