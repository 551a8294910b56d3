# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "not inverted"
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.sqrt(np.diag(J.T @ J) * (r @ r) / (m - n))
