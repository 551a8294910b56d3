# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "a fixed number of iterations"
# names = ["hundred-entries"]
# ///
# %% stop
def at_rest(history):
    return len(history) >= 100
