# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "a logarithm to base 2"
# names = ["log2"]
# ///
# %% bic
def bic(score, p, n):
    return -2 * n * score + p * np.log2(n)
