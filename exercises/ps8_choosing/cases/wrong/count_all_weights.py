# /// case
# set = "ps8"
# fails = ["count-full", "count-tied", "count-variances"]
# says = "the weights sum to 1: one of them follows from the others"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return kinds + kinds * d + covariances
