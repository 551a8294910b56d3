# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "a fixed number of iterations"
# names = ["ten-entries"]
# ///
# %% stop
def at_rest(history):
    return len(history) >= 10
