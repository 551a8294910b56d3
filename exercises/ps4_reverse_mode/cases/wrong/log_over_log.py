# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the pull of log divides by log(a)"
# names = ["log-over-log"]
# ///
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / np.log(a.value),))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
    ### END SOLUTION
