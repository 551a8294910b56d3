# /// case
# set = "ps4"
# fails = ["power"]
# says = "`pulls` holds arrays"
# names = ["pulls-are-arrays"]
# ///
# The partial derivative stands where a function is expected.
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (exponent * a.value ** (exponent - 1),))
