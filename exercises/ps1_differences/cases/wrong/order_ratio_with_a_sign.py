# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "the ratio of two errors is negative where one estimate is too large and the next too small"
# names = ["log-of-negative-ratio"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([scheme(f, x, h) - true_slope for h in steps])
    return np.log(e[:-1] / e[1:]) / np.log(steps[:-1] / steps[1:])
