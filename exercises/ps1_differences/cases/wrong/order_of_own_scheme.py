# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "you returned"
# names = []
# ///
# The scheme that was given is never called.
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs((f(x + h) - f(x)) / h - true_slope) for h in steps])
    return np.log(errors[:-1] / errors[1:]) / np.log(steps[:-1] / steps[1:])
