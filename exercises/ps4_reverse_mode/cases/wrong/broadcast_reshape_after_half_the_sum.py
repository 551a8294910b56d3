# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "the sum leaves more or fewer entries than the shape has"
# names = ["other-axes-summed"]
# ///
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    return g.sum(axis=tuple(range(g.ndim - len(shape)))).reshape(shape)
