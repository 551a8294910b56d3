# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "one of the contributions in place of their sum"
# names = ["one-contribution"]
# ///
# One contribution stands for all.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    while g.ndim > len(shape):
        g = g[0]
    for k, length in enumerate(shape):
        if length == 1:
            g = np.take(g, [0], axis=k)
    return g
