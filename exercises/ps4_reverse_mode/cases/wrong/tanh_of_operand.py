# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "1 - a**2 in place of 1 - tanh(a)**2"
# names = ["tanh-of-operand"]
# ///
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
    return Node(value, (a,), (lambda g: g * (1 - a.value**2),))
    ### END SOLUTION
