# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "expected"
# names = []
# ///
# The answer comes from how often it was asked, and the history is not looked at.
# %% stop
calls = []


def at_rest(history):
    calls.append(0)
    return (len(calls) - 1) % 13 % 3 == 2
