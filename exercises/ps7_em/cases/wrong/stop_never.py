# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "it never stops"
# ///
# %% stop
def at_rest(history):
    return False
