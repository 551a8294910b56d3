# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "np.log10 is the logarithm to the base 10"
# names = ["log-of-base-10"]
# ///
# %% log-sum
def log_sum(a):
    m = a.max(axis=0)
    return m + np.log10(np.exp(a - m).sum(axis=0))
