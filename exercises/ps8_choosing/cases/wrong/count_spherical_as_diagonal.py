# /// case
# set = "ps8"
# fails = ["count-variances"]
# says = "spherical has one variance for each component, not d"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * d, "spherical": kinds * d}[shape]
    return (kinds - 1) + kinds * d + covariances
