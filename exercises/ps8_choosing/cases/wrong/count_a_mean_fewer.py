# /// case
# set = "ps8"
# fails = ["count-full", "count-tied", "count-variances"]
# says = "the means are those of all components but one"
# names = ["one-mean-fewer", "no-diagonal"]
# ///
# %% count
def free_parameters(kinds, d, shape):
    covariances = {"full": kinds * d * (d + 1) // 2, "tied": d * (d + 1) // 2, "diag": kinds * d, "spherical": kinds}[shape]
    return (kinds - 1) * (1 + d) + covariances
