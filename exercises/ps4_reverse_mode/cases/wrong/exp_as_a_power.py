# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the pull of exp treats it as a power"
# names = ["exp-as-power"]
# ///
# The rule of powers on an exponential.
# %% functions.exp
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * a.value * np.exp(a.value - 1),))
