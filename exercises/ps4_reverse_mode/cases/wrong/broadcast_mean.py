# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "the mean in place of the sum"
# names = ["mean-for-sum"]
# ///
# The mean keeps the size of a typical entry, and is wrong.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    new = g.ndim - len(shape)
    ones = [new + k for k, length in enumerate(shape) if length == 1]
    return g.mean(axis=(*range(new), *ones)).reshape(shape)
