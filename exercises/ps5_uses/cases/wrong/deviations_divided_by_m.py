# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "divided by m"
# names = ["over-m"]
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.sqrt(np.diag(np.linalg.inv(J.T @ J)) * (r @ r) / m)
