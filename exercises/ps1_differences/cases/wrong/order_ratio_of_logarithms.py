# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "log(error) / log(next error) is not the logarithm of their ratio"
# names = ["ratio-of-logarithms"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(e[:-1]) / np.log(e[1:])
