# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "the mean of all orders for each pair"
# names = ["mean-of-orders"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    p = np.log(e[:-1] / e[1:]) / np.log(steps[:-1] / steps[1:])
    return np.full(len(p), p.mean())
