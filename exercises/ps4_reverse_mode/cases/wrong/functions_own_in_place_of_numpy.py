# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "your own function was called with an array"
# names = ["own-function-on-array"]
# ///
# exp is here the function that is being written.
# %% functions.exp
def exp(a):
    value = exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))
