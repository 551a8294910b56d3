# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "expected"
# names = []
# ///
# %% stop
def at_rest(history):
    changes = np.abs(np.diff(history))
    return bool((changes < 1e-9).sum() >= 10)
