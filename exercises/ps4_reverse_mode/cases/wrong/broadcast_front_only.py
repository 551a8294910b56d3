# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "those stretched from length 1 are not"
# names = ["stretched-not-summed"]
# ///
# New axes in front are summed; stretched ones are forgotten.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    return g
