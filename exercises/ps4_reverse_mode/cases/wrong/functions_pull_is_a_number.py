# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "`pulls` holds arrays"
# names = ["pulls-are-arrays"]
# ///
# The derivative stands where a function is expected.
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(np.log(a.value), (a,), (1 / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
