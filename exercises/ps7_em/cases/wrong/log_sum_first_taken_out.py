# /// case
# set = "ps7"
# fails = ["log-sum-far"]
# says = "the first term of each column"
# names = ["first-taken-out"]
# ///
# %% log-sum
def log_sum(a):
    first = a[0]
    return first + np.log(np.exp(a - first).sum(axis=0))
