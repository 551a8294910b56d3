# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the pulls of the functions lack the factor g"
# names = ["functions-no-g"]
# ///
# The derivatives alone.
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: value,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: 1 / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: 1 - value**2,))
