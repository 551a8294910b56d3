# /// case
# set = "ps7"
# fails = ["log-sum-near", "log-sum-far"]
# says = "one number: each column has a sum of its own"
# names = ["one-number"]
# ///
# %% log-sum
def log_sum(a):
    largest = a.max()
    return largest + np.log(np.exp(a - largest).sum())
