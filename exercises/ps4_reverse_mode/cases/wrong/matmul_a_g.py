# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "A @ G in place of A.T @ G"
# names = ["a-not-transposed"]
# ///
# Not transposed.
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: g @ np.swapaxes(b.value, -1, -2), lambda g: a.value @ g)
    return Node(a.value @ b.value, (a, b), pulls)
