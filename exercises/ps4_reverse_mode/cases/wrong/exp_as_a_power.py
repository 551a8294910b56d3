# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the pull of exp treats it as a power"
# names = ["exp-as-power"]
# ///
# The rule of powers on an exponential.
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * a.value * np.exp(a.value - 1),))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
