# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "wrong sign: the derivative of the sine is +cos"
# names = ["sin-sign"]
# ///
# The sign of the derivative of the cosine.
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: -g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
