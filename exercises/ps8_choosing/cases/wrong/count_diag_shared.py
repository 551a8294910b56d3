# /// case
# set = "ps8"
# fails = ["count-variances"]
# says = "diag has d variances for each component, not d for all"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": d, "spherical": kinds}[shape]
    return (kinds - 1) + kinds * d + covariances
