# /// case
# set = "ps4"
# fails = ["product"]
# says = "nan"
# ///
# Right but where an operand is 0.
# %% node.multiply
def multiply(a, b):
    a, b = as_node(a), as_node(b)
    v = a.value * b.value
    return Node(v, (a, b), (lambda g: g * v / a.value, lambda g: g * v / b.value))
