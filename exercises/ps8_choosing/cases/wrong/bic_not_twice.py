# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "log L counts twice"
# ///
# %% bic
def bic(score, p, n):
    return -n * score + p * np.log(n)
