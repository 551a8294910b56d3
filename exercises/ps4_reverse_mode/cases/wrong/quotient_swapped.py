# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "the two pulls are swapped"
# names = ["quotient-swapped"]
# ///
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: -g * a.value / b.value**2, lambda g: g / b.value))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
    ### END SOLUTION
