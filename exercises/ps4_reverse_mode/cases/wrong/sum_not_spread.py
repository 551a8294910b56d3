# /// case
# set = "ps4"
# fails = ["sums"]
# says = "the pull returns g as it is: it must return an array of the shape of a, g for each"
# names = ["g-as-it-is"]
# ///
# The adjoint of the sum, in its own shape.
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        return g

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))
