# /// case
# set = "ps8"
# fails = ["bic-value"]
# says = "the lower is the better, so log L comes with a minus"
# names = ["likelihood-sign"]
# ///
# %% bic
def bic(score, p, n):
    return 2 * n * score - p * np.log(n)
