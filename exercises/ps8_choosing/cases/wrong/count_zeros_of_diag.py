# /// case
# set = "ps8"
# fails = ["count-variances"]
# says = "the zeros of a diagonal matrix are counted"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * m, "spherical": kinds}[shape]
    return (kinds - 1) + kinds * d + covariances
