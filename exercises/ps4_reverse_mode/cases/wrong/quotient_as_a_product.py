# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "the pulls of a product"
# names = ["quotient-like-product"]
# ///
# The pulls are copied from the product.
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g * b.value, lambda g: g * a.value))
