# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "is not yet divided by log(ratio of steps)"
# names = ["not-over-log-of-steps", "log2-of-steps"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(errors[:-1] / errors[1:])
