# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "each error is divided by its step"
# names = ["error-over-step"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    e = np.array([abs(scheme(f, x, h) - true_slope) / h for h in steps])
    return np.log(e[:-1] / e[1:]) / np.log(steps[:-1] / steps[1:])
