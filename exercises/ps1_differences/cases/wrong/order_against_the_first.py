# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "each step is compared with the first"
# names = ["against-the-first"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(e[0] / e[1:]) / np.log(steps[0] / steps[1:])
