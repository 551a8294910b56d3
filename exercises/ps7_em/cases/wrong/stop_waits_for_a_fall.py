# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "rounding may let it creep up for ever"
# names = ["waits-for-a-fall"]
# ///
# %% stop
def at_rest(history):
    return len(history) > 1 and history[-1] <= history[-2]
