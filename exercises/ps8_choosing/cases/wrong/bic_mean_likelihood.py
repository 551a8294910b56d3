# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "multiply score by n"
# names = ["mean-log-likelihood"]
# ///
# %% bic
def bic(score, p, n):
    return -2 * score + p * np.log(n)
