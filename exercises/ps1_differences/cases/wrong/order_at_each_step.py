# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "log(error) / log(h) at each step: C does not cancel; compare two neighbours"
# names = ["order-at-each-step"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(errors) / np.log(steps)
