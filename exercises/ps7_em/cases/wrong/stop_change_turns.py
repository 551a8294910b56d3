# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "expected"
# names = []
# ///
# %% stop
def at_rest(history):
    h = history
    return len(h) > 2 and (h[-1] - h[-2]) * (h[-2] - h[-3]) <= 0
