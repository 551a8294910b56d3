# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "a quotient of log-likelihoods"
# names = ["quotient-of-likelihoods"]
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return history[-1] / history[-2] < 1 + 1e-6
