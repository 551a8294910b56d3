# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "np.log2 is the logarithm to the base 2"
# names = ["log-of-base-2"]
# ///
# %% log-sum
def log_sum(a):
    m = a.max(axis=0)
    return m + np.log2(np.exp(a - m).sum(axis=0))
