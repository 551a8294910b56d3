# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "`deviations` has changed `r`"
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    r *= r
    return np.sqrt(np.diag(np.linalg.inv(J.T @ J)) * r.sum() / (m - n))
