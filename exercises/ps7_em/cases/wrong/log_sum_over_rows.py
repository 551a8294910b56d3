# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "the sum over each row"
# names = ["sum-over-rows"]
# ///
# %% log-sum
def log_sum(a):
    largest = a.max(axis=1)
    return largest + np.log(np.exp(a - largest[:, None]).sum(axis=1))
