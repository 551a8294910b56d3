# /// case
# set = "ps7"
# fails = ["log-sum-far"]
# says = "a small number is added inside the logarithm"
# names = ["small-number-added"]
# ///
# %% log-sum
def log_sum(a):
    return np.log(np.exp(a).sum(axis=0) + 1e-300)
