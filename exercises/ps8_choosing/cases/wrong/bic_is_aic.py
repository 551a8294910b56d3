# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "AIC, which charges 2"
# names = ["aic"]
# ///
# %% bic
def bic(score, p, n):
    return -2 * n * score + 2 * p
