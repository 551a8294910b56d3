# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the cosine is taken of the result"
# names = ["cos-of-result"]
# ///
# The derivative is taken at the result.
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    value = np.sin(a.value)
    return Node(value, (a,), (lambda g: g * np.cos(value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
