# /// case
# set = "ps4"
# fails = ["sums"]
# says = "ones in place of g"
# names = ["ones-for-g"]
# ///
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return np.ones_like(a.value)

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))
