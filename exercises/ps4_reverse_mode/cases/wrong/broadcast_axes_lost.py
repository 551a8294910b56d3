# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "the axes of length 1 got lost"
# names = ["axes-lost"]
# ///
# Without keepdims.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    new = g.ndim - len(shape)
    ones = [new + k for k, length in enumerate(shape) if length == 1]
    return g.sum(axis=(*range(new), *ones))
