# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "plus for minus: the partial derivative of a / b in b is -a / b**2"
# names = ["quotient-plus"]
# ///
# The sign of the derivative of 1 / b is lost.
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: g * a.value / b.value**2))
