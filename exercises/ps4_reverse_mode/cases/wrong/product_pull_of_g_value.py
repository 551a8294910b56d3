# /// case
# set = "ps4"
# fails = ["product"]
# says = "`g.value`"
# names = ["g-is-no-node"]
# ///
# %% node.multiply
def multiply(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value * b.value, (a, b), (lambda g: g.value * b.value, lambda g: g.value * a.value))
