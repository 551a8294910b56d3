# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "G @ B in place of G @ B.T"
# names = ["b-not-transposed"]
# ///
# Not transposed.
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: g @ b.value, lambda g: np.swapaxes(a.value, -1, -2) @ g)
    return Node(a.value @ b.value, (a, b), pulls)
