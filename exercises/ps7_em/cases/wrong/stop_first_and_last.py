# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "the first entry with the last"
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return abs(history[-1] - history[0]) < 1e-6
