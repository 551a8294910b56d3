# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "`at_rest` has changed `history`"
# ///
# %% stop
def at_rest(history):
    last = history.pop()
    return bool(history) and last - history[-1] < 1e-8
