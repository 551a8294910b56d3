# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "tanh is applied twice"
# names = ["tanh-twice"]
# ///
# tanh of the value, which is a tanh already.
# %% functions.tanh
def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - np.tanh(value) ** 2),))
