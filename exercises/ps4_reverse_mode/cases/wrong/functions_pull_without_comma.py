# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "a tuple of one needs its comma"
# names = ["no-comma"]
# ///
# The pull stands in brackets, and is no tuple.
# %% functions.log
def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value))
