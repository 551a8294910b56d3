# /// case
# set = "ps4"
# fails = []
# ///
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: np.einsum("...ij,...kj->...ik", g, b.value), lambda g: np.einsum("...ki,...kj->...ij", a.value, g))
    return Node(a.value @ b.value, (a, b), pulls)
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        kept = a.value.sum(axis=axis, keepdims=True).shape
        return np.ones_like(a.value) * np.reshape(g, kept)

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))
