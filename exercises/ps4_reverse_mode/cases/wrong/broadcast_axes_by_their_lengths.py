# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "must be summed before it"
# names = ["reshape-for-sum"]
# ///
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    for axis, length in enumerate(g.shape):
        if length not in shape:
            g = g.sum(axis=axis, keepdims=True)
    return g.reshape(shape)
