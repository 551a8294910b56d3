# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "`pulls` holds arrays"
# names = ["pulls-are-arrays"]
# ///
# The derivative stands where a function is expected.
# %% functions.log
def log(a):
    return Node(np.log(a.value), (a,), (1 / a.value,))
