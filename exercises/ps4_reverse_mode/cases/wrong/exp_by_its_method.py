# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the operation calls itself without end, by its name or by an operator or a method of a node, which call your function again"
# names = ["calls-itself"]
# ///
# %% functions
def exp(a):
    value = a.exp()
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
    ### END SOLUTION
