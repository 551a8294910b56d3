# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "`pulls` holds arrays"
# names = ["pulls-are-arrays"]
# ///
# The partial derivatives stand where functions are expected.
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (1 / b.value, -a.value / b.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
