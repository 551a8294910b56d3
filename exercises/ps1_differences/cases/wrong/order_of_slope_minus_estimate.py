# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "true slope minus estimate can be negative, too"
# names = ["log-of-negative-turned"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    logs = np.log(np.array([true_slope - scheme(f, x, h) for h in steps]))
    return np.diff(logs) / np.diff(np.log(steps))
