# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "the sum of the exponents"
# names = ["sum-of-exponents"]
# ///
# %% log-sum
def log_sum(a):
    return a.sum(axis=0)
