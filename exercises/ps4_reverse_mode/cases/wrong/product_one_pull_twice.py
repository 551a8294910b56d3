# /// case
# set = "ps4"
# fails = ["product"]
# says = "both pulls multiply by b"
# names = ["product-one-pull-twice"]
# ///
# %% node.multiply
def multiply(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value * b.value, (a, b), (lambda g: g * b.value, lambda g: g * b.value))
