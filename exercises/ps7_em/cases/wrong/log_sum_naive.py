# /// case
# set = "ps7"
# fails = ["log-sum-far"]
# says = "exp without log-sum-exp"
# names = ["plain-exp"]
# ///
# %% log-sum
def log_sum(a):
    return np.log(np.exp(a).sum(axis=0))
