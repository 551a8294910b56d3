# /// case
# set = "ps8"
# fails = ["count-full", "count-tied", "count-variances"]
# says = "the means are free too"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return (kinds - 1) + 0 + covariances
