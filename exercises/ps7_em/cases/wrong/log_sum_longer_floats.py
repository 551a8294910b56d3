# /// case
# set = "ps7"
# fails = ["log-sum-far"]
# says = "expected"
# names = []
# ///
# %% log-sum
def log_sum(a):
    return np.log(np.exp(a.astype(np.longdouble)).sum(axis=0)).astype(float)
