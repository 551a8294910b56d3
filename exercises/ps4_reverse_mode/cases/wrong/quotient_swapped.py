# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "the two pulls are swapped"
# names = ["quotient-swapped"]
# ///
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: -g * a.value / b.value**2, lambda g: g / b.value))
