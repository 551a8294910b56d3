# /// case
# set = "ps4"
# fails = ["summed-to"]
# ///
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    while g.ndim > len(shape):
        lost = [k for k, length in enumerate(g.shape) if length not in shape] or [0]
        g = g.sum(axis=lost[-1])
    for k, length in enumerate(shape):
        if length == 1:
            g = g.sum(axis=k, keepdims=True)
    return g
