# /// case
# set = "ps4"
# fails = ["quotient", "power", "functions-of-one"]
# says = "there are not as many pulls as parents"
# names = ["pulls-and-parents"]
# ///
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value,))


def power(a, exponent):
    return Node(a.value**exponent, (a,), ())
    ### END SOLUTION
# %% functions
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,))


def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))
    ### END SOLUTION
