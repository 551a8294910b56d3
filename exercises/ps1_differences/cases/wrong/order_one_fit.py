# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "one order fitted to all the steps"
# names = ["one-order-fitted"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]
