# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "exactly equal: rounding moves the last digits for ever, so allow for a tolerance"
# names = ["exactly-equal"]
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return history[-1] == history[-2]
