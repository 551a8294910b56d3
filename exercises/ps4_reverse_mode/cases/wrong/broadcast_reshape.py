# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "a reshape cannot sum"
# names = ["reshape-for-sum"]
# ///
# A reshape alone.
# %% broadcast
def summed_to(g, shape):
    return np.reshape(g, shape)
