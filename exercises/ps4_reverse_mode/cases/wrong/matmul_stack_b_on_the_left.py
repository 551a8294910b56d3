# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "B.T @ G in place of G @ B.T"
# names = ["b-on-the-left"]
# ///
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: b.value.transpose(*range(b.value.ndim - 2), -1, -2) @ g, lambda g: np.swapaxes(a.value, -1, -2) @ g)
    return Node(a.value @ b.value, (a, b), pulls)
