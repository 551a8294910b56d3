# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "a tolerance below the last digits"
# names = ["exactly-equal"]
# ///
# %% stop
def at_rest(history):
    return len(history) > 1 and abs(history[-1] - history[-2]) < 1e-14
