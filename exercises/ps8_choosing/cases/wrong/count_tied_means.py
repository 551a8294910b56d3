# /// case
# set = "ps8"
# fails = ["count-tied"]
# says = "the means are counted once"
# ///
# %% count
def free_parameters(kinds, d, shape):
    m = d * (d + 1) // 2
    covariances = {"full": kinds * m, "tied": m, "diag": kinds * d, "spherical": kinds}[shape]
    return (kinds - 1) + (d if shape == 'tied' else kinds * d) + covariances
