# /// case
# set = "ps7"
# fails = ["log-sum-near"]
# says = "the caller's array was changed: write `a - largest`"
# names = ["a-changed"]
# ///
# The E step would then take its exponentials of the wrong numbers.
# %% log-sum
def log_sum(a):
    largest = a.max(axis=0)
    a -= largest
    return largest + np.log(np.exp(a).sum(axis=0))
