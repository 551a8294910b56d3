# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "the ratio of errors is divided by the ratio of steps"
# names = ["ratio-of-ratios"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return (e[:-1] / e[1:]) / (steps[:-1] / steps[1:])
