# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "log p in place of p"
# names = ["log-p"]
# ///
# %% bic
def bic(score, p, n):
    return -2 * n * score + np.log(p) * n
