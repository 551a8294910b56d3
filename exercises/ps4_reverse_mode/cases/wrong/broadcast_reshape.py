# /// case
# set = "ps4"
# fails = ["summed-to"]
# says = "a reshape cannot sum"
# ///
# A reshape alone.
# %% broadcast
def summed_to(g, shape):
    return np.reshape(g, shape)
