# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "C does not cancel"
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(errors) / np.log(steps)
