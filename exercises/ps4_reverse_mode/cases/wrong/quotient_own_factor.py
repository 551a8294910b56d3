# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "what goes back to a is g / b, and not g a / b"
# names = ["quotient-own-factor"]
# ///
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g * a.value / b.value, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
    ### END SOLUTION
