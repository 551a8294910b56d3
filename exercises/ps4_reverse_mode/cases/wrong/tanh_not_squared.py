# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the square is missing"
# names = ["tanh-no-square"]
# ///
# The square is forgotten.
# %% functions.tanh
def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value),))
