# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "expected"
# names = []
# ///
# %% stop
def at_rest(history):
    return len(history) > 2 and history[-1] - history[-3] <= 0
