# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "divided by the difference of the steps"
# names = ["over-difference-of-steps"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.diff(np.log(e)) / np.diff(steps)
