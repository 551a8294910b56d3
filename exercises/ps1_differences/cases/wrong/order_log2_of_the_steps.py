# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "log of the errors and log2 of the steps"
# names = ["log2-of-steps", "not-over-log-of-steps"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(errors[:-1] / errors[1:]) / np.log2(steps[:-1] / steps[1:])
