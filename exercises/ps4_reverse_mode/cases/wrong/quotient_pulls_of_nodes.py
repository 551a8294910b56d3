# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "a pull computes with the node itself"
# names = ["pull-makes-a-node"]
# ///
# The pulls divide by the node b.
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
