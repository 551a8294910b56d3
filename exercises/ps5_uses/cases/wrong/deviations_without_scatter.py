# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "the scatter of the measurements is missing"
# names = ["no-scatter"]
# ///
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.sqrt(np.diag(np.linalg.inv(J.T @ J)))
