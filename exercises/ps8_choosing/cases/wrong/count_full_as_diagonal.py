# /// case
# set = "ps8"
# fails = ["count-full"]
# says = "the diagonal alone is counted"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * d, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return (kinds - 1) + kinds * d + covariances
