# /// case
# set = "ps7"
# fails = ["log-sum-far"]
# says = "what is taken out is not the largest term"
# names = ["smallest-taken-out"]
# ///
# %% log-sum
def log_sum(a):
    smallest = a.mean(axis=0)
    return smallest + np.log(np.exp(a - smallest).sum(axis=0))
