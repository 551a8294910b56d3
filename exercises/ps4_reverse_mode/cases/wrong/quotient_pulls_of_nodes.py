# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "a pull computes with the node itself"
# names = ["pull-makes-a-node"]
# ///
# The pulls divide by the node b.
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b, lambda g: -g * a.value / b.value**2))
