# /// case
# set = "ps4"
# fails = ["product"]
# says = "there are not as many pulls as parents"
# names = ["pulls-and-parents"]
# ///
# %% node.multiply
def multiply(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value * b.value, (a, b), (lambda g: g * b.value,))
