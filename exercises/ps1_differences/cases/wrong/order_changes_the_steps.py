# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "has changed `steps`"
# ///
# The picture asks for the orders of two schemes at the same steps.
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    steps /= steps[0]
    return np.diff(np.log(e)) / np.diff(np.log(steps))
