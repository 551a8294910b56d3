# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "G @ A.T in place of A.T @ G"
# names = ["a-on-the-right"]
# ///
# On the wrong side.
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: g @ np.swapaxes(b.value, -1, -2), lambda g: g @ np.swapaxes(a.value, -1, -2))
    return Node(a.value @ b.value, (a, b), pulls)
