# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "the axis that is summed is not there, or not any more"
# names = ["axes-move-up"]
# ///
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    while g.ndim > len(shape):
        g = g.sum(axis=g.ndim)
    for k, n in enumerate(shape):
        if n == 1:
            g = g.sum(axis=k, keepdims=True)
    return g
