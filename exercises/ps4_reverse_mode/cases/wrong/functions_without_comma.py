# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "a tuple of one needs its comma"
# names = ["no-comma"]
# ///
# The parent stands alone.
# %% functions.log
def log(a):
    return Node(np.log(a.value), a, (lambda g: g / a.value,))
