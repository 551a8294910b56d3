# /// case
# set = "ps8"
# fails = ["count-full", "count-tied", "count-variances"]
# says = "the weights are missing: all of them but one are free"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return 0 + kinds * d + covariances
