# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "the sum, not its logarithm"
# names = ["sum-not-log"]
# ///
# %% log-sum
def log_sum(a):
    return np.exp(a).sum(axis=0)
