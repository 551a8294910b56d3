# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "np.log2 is the logarithm to the base 2"
# names = ["log-of-base-2"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for w, m, S in mixture:
        L = np.linalg.cholesky(S)
        z = np.linalg.solve(L, (points - m).T)
        rows.append(np.log2(w) - len(m) / 2 * np.log2(2 * np.pi) - np.log2(np.diag(L)).sum() - (z**2).sum(axis=0) / 2)
    return np.array(rows)
