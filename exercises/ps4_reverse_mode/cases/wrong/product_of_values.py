# /// case
# set = "ps4"
# fails = ["product"]
# says = "something stands in the place of a node"
# names = ["no-node"]
# ///
# %% node.multiply
def multiply(a, b):
    a, b = as_node(a), as_node(b)
    a, b = a.value, b.value
    return Node(a * b, (a, b), (lambda g: g * b, lambda g: g * a))
