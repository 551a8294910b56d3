# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "the price is n for each parameter"
# names = ["price-n"]
# ///
# %% bic
def bic(score, p, n):
    return -2 * n * score + p * n
