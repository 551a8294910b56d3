# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "a history of one entry"
# names = ["one-entry"]
# ///
# %% stop
def at_rest(history):
    return history[-1] - history[-2] < 1e-6
