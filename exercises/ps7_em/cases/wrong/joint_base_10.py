# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "np.log10 is the logarithm to the base 10"
# names = ["log-of-base-10"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for w, m, S in mixture:
        L = np.linalg.cholesky(S)
        z = np.linalg.solve(L, (points - m).T)
        rows.append(np.log10(w) - len(m) / 2 * np.log10(2 * np.pi) - np.log10(np.diag(L)).sum() - (z**2).sum(axis=0) / 2)
    return np.array(rows)
