# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "`summed_to` has changed `g`"
# ///
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    new = g.ndim - len(shape)
    ones = [new + k for k, length in enumerate(shape) if length == 1]
    total = g.sum(axis=(*range(new), *ones)).reshape(shape)
    if g.ndim > 1:
        g += 1.0
    return total
