# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "one of the two ratios is upside down"
# names = ["minus-the-order"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(errors[:-1] / errors[1:]) / np.log(steps[1:] / steps[:-1])
