# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "the last axes are summed"
# names = ["last-axes-summed"]
# ///
# The axes at the wrong end.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    while g.ndim > len(shape):
        g = g.sum(axis=-1)
    return g
