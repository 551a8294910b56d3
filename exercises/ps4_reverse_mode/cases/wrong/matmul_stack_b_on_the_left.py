# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "B.T @ G in place of G @ B.T"
# names = ["b-on-the-left"]
# ///
# %% arrays
def reshape(a, shape):
    return Node(a.value.reshape(shape), (a,), (lambda g: g.reshape(a.value.shape),))


def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: b.value.transpose(*range(b.value.ndim - 2), -1, -2) @ g, lambda g: np.swapaxes(a.value, -1, -2) @ g)
    return Node(a.value @ b.value, (a, b), pulls)


def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return np.broadcast_to(g, a.value.shape)

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))


def take(a, index):
    def pull(g):
        whole = np.zeros_like(a.value)
        np.add.at(whole, index, g)
        return whole

    return Node(a.value[index], (a,), (pull,))
    ### END SOLUTION
