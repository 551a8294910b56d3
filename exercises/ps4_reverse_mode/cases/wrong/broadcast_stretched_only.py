# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "the new ones in front are not"
# names = ["leading-not-summed"]
# ///
# Stretched axes are summed; new ones in front are forgotten.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g)
    for k in range(1, len(shape) + 1):
        if shape[-k] == 1:
            g = g.sum(axis=-k, keepdims=True)
    return g
