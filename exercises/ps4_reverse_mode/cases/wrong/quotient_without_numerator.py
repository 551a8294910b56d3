# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "the numerator is missing"
# names = ["quotient-no-numerator"]
# ///
# The derivative of 1 / b, and a is forgotten.
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g / b.value**2))
