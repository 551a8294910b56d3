# /// case
# set = "ps4"
# fails = ["power"]
# says = "the operation calls itself without end"
# names = ["calls-itself"]
# ///
# The power of a node calls power.
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return Node(a**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
