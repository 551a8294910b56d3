# /// case
# set = "ps8"
# fails = ["count-full"]
# says = "one matrix is counted, where each component has its own"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": m, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return (kinds - 1) + kinds * d + covariances
