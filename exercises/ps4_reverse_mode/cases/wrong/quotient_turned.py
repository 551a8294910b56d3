# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "numerator and denominator are exchanged"
# names = ["quotient-turned"]
# ///
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * b.value / a.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
    ### END SOLUTION
