# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "divided by m - 1: that is for one parameter, a mean"
# names = ["over-m-minus-1"]
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.sqrt(np.diag(np.linalg.inv(J.T @ J))) * np.sqrt(r @ r / (m - 1))
