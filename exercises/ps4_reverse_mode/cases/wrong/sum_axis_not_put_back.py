# /// case
# set = "ps4"
# fails = ["sums"]
# says = "the axis that was summed is not put back"
# names = ["axis-not-put-back"]
# ///
# Fits only where the lengths happen to agree.
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        return np.broadcast_to(g, a.value.shape)

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))
