# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "the logarithm of a negative error is nan"
# names = ["log-of-negative"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    logs = np.log(np.array([scheme(f, x, h) - true_slope for h in steps]))
    return np.diff(logs) / np.diff(np.log(steps))
