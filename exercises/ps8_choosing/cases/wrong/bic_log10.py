# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "a logarithm to base 10"
# names = ["log10"]
# ///
# %% bic
def bic(score, p, n):
    return -2 * n * score + p * np.log10(n)
