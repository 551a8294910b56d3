# /// case
# set = "ps4"
# fails = ["sums"]
# says = "g is multiplied by the entries"
# names = ["g-times-entries"]
# ///
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return np.broadcast_to(g, a.value.shape) * a.value

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))
