# /// case
# set = "ps7"
# fails = ["log-sum-far"]
# says = "one maximum for the whole array"
# names = ["one-maximum"]
# ///
# %% log-sum
def log_sum(a):
    largest = a.max()
    return largest + np.log(np.exp(a - largest).sum(axis=0))
