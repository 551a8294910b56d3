# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "tanh is applied twice"
# names = ["tanh-twice"]
# ///
# tanh of the value, which is a tanh already.
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - np.tanh(value) ** 2),))
