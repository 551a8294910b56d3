# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "the change since the start"
# names = ["change-since-the-start"]
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return abs(history[-1] - history[0]) < 1e-6
