# /// case
# set = "ps8"
# fails = ["count-full", "count-tied"]
# says = "a covariance matrix is symmetric"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * d
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return (kinds - 1) + kinds * d + covariances
