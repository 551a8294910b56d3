# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "log L counts twice"
# names = ["likelihood-twice"]
# ///
# %% bic
def bic(score, p, n):
    return -n * score + p * np.log(n)
