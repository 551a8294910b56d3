# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "NumPy was given the node a"
# names = ["numpy-on-a-node"]
# ///
# NumPy is given the node in place of its value.
# %% functions.exp
def exp(a):
    value = np.exp(a)
    return Node(value, (a,), (lambda g: g * value,))
# %% functions.log
def log(a):
    return Node(np.log(a), (a,), (lambda g: g / a.value,))
# %% functions.sin
def sin(a):
    return Node(np.sin(a), (a,), (lambda g: g * np.cos(a.value),))
# %% functions.tanh
def tanh(a):
    value = np.tanh(a)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
