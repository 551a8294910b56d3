# /// case
# set = "ps5"
# fails = ["standard-deviations"]
# says = "the root is taken of the inverse alone"
# names = ["root-of-inverse-alone"]
# ///
# The variance s^2 stands before the root.
# %% deviations
def deviations(r, J):
    m, n = J.shape
    return np.sum(r**2) / (m - n) * np.sqrt(np.diag(np.linalg.inv(J.T @ J)))
