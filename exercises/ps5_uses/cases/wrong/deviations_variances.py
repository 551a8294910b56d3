# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "the variances: their roots are still to be taken"
# names = ["variances"]
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.diag(np.linalg.inv(J.T @ J)) * (r @ r) / (m - n)
