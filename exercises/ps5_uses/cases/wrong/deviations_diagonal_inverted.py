# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "the inverse of the diagonal"
# names = ["inverse-of-diagonal"]
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.sqrt((r @ r) / (m - n) / np.diag(J.T @ J))
