# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "exactly equal, or with a tolerance below the last digits"
# names = ["exactly-equal"]
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return history[-1] == history[-2]
