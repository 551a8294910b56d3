# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "the operation calls itself without end"
# names = ["calls-itself"]
# ///
# a + (-b) looks harmless, and -b is 0 - b.
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return a + (-b)


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
