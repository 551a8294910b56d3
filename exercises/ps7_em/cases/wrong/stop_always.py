# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "it always stops"
# names = ["always-stops"]
# ///
# %% stop
def at_rest(history):
    return True
