# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the pull of log multiplies by a"
# names = ["log-multiplied"]
# ///
# The derivative of the logarithm upside down.
# %% functions.log
def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g * a.value,))
