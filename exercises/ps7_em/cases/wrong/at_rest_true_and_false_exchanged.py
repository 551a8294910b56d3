# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "True and False are exchanged"
# names = ["true-and-false-exchanged"]
# ///
# %% stop
def at_rest(history):
    return len(history) < 2 or abs(history[-1] - history[-2]) > 1e-6
