# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "the mean in place of the sum"
# names = ["mean-for-sum"]
# ///
# %% log-sum
def log_sum(a):
    largest = a.max(axis=0)
    return largest + np.log(np.exp(a - largest).mean(axis=0))
