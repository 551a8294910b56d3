# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "the pulls multiply entry by entry"
# names = ["entry-by-entry"]
# ///
# The pulls of the product of numbers.
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: g * b.value, lambda g: g * a.value)
    return Node(a.value @ b.value, (a, b), pulls)
