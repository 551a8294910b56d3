# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "the largest term alone"
# names = ["largest-alone"]
# ///
# %% log-sum
def log_sum(a):
    return a.max(axis=0)
