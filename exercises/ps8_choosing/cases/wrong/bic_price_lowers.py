# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "the price lowers the BIC"
# names = ["price-sign"]
# ///
# %% bic
def bic(score, p, n):
    return -2 * n * score - p * np.log(n)
