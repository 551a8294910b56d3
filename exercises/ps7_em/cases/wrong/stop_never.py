# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "it never stops: compare the last change, not the log-likelihood itself"
# names = ["never-stops"]
# ///
# %% stop
def at_rest(history):
    return False
