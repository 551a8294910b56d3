# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "the estimates in place of their errors"
# names = ["estimates-for-errors"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    values = np.array([abs(scheme(f, x, h)) for h in steps])
    return np.log(values[:-1] / values[1:]) / np.log(steps[:-1] / steps[1:])
