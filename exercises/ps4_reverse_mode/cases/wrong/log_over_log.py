# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the pull of log divides by log(a)"
# names = ["log-over-log"]
# ///
# %% functions.log
def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / np.log(a.value),))
