# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the pulls of the functions lack the factor g"
# names = ["functions-no-g"]
# ///
# The derivatives alone.
# %% functions.exp
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: value,))
# %% functions.log
def log(a):
    return Node(np.log(a.value), (a,), (lambda g: 1 / a.value,))
# %% functions.sin
def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: np.cos(a.value),))
# %% functions.tanh
def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: 1 - value**2,))
