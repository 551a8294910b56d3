# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "is not added again"
# names = ["maximum-not-added"]
# ///
# %% log-sum
def log_sum(a):
    return np.log(np.exp(a - a.max(axis=0)).sum(axis=0))
