# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "those after it move up"
# names = ["axes-move-up"]
# ///
# Each stretched axis is summed in a loop, and gone with it.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            g = g.sum(axis=axis)
    return g
