# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "the order is its exponent, so take logarithms"
# names = ["ratio-of-errors"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return errors[:-1] / errors[1:]
