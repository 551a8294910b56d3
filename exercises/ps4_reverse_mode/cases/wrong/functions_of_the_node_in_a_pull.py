# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "NumPy was given the node a"
# names = ["numpy-on-a-node"]
# ///
# The value is right; the pull forgets to take it.
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
