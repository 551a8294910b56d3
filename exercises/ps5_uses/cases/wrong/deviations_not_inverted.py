# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "J'J is not inverted: a parameter that the data hardly feel has a large deviation"
# names = ["not-inverted"]
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.sqrt(np.diag(J.T @ J) * (r @ r) / (m - n))
