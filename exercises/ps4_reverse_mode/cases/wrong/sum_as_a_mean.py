# /// case
# set = "ps4"
# fails = ["sums"]
# says = "g is divided by the number of entries, as for a mean"
# names = ["sum-as-mean"]
# ///
# Divided by the number of entries.
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        count = a.value.size / np.size(g)
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return np.broadcast_to(g / count, a.value.shape)

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))
