# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "an operand may be a plain number or array"
# names = ["no-as-node"]
# ///
# A number on one side has no value to ask for.
# %% operators
def subtract(a, b):
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
