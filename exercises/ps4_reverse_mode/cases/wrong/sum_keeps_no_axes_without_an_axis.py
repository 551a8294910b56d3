# /// case
# set = "ps4"
# fails = ["sums"]
# ///
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return np.broadcast_to(g, a.value.shape)

    return Node(a.value.sum(axis=axis, keepdims=keepdims and axis is not None), (a,), (pull,))
