# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "what goes back to a is g / b, and not g a / b"
# names = ["quotient-own-factor"]
# ///
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g * a.value / b.value, lambda g: -g * a.value / b.value**2))
