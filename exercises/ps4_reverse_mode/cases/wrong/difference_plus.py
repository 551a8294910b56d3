# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "a - b sends +g back to b"
# names = ["difference-plus"]
# ///
# The second operand of a difference gets +g.
# %% operators.subtract
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: g))
