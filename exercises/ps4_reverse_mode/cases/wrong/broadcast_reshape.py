# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "it cannot sum"
# names = ["reshape-for-sum"]
# ///
# A reshape alone.
# %% broadcast
def summed_to(g, shape):
    return np.reshape(g, shape)
