# /// case
# set = "ps8"
# fails = ["count-tied"]
# says = "a matrix for each component is counted, where all share one"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": kinds * m, "diag": kinds * d, "spherical": kinds}[shape]
    return (kinds - 1) + kinds * d + covariances
