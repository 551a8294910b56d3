# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "`return` is missing"
# names = ["no-return"]
# ///
# The node is made and forgotten.
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))
