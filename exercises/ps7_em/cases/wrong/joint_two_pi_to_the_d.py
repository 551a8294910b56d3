# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "(2 pi)^d in place of its root"
# names = ["two-pi-whole"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for w, m, S in mixture:
        L = np.linalg.cholesky(S)
        z = np.linalg.solve(L, (points - m).T)
        rows.append(np.log(w) - len(m) * np.log(2 * np.pi) - np.log(np.diag(L)).sum() - (z**2).sum(axis=0) / 2)
    return np.array(rows)
