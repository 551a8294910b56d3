# /// case
# set = "ps4"
# fails = ["power"]
# says = "the pull of a power lacks the factor g"
# names = ["power-no-g"]
# ///
# The partial derivative alone.
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: exponent * a.value ** (exponent - 1),))
