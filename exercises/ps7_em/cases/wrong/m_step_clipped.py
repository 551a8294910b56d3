# /// case
# set = "ps7"
# fails = ["new-weights"]
# says = ""
# names = []
# ///
# %% m-step
def refit(points, R, old):
    R = np.clip(R, 1e-3, 1)
    new = []
    for r in R:
        count = r.sum()
        mean = r @ points / count
        gap = points - mean
        new.append((count / len(points), mean, (r[:, None] * gap).T @ gap / count))
    return new
