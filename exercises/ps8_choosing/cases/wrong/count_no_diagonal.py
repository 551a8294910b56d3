# /// case
# set = "ps8"
# fails = ["count-full", "count-tied"]
# says = "the d on the diagonal, the variances, are free, too"
# names = ["no-diagonal", "means-not-counted", "one-mean-fewer"]
# ///
# %% count
def free_parameters(kinds, d, shape):
    return kinds - 1 + kinds * d + {"full": kinds * d * (d - 1) // 2, "tied": d * (d - 1) // 2, "diag": kinds * d, "spherical": kinds}[shape]
