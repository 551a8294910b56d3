# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "both transposes are missing"
# names = ["nothing-transposed"]
# ///
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: g @ b.value, lambda g: a.value @ g)
    return Node(a.value @ b.value, (a, b), pulls)
