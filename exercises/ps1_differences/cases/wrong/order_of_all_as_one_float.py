# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "can be converted to Python scalars"
# names = []
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return float(np.log(errors[:-1] / errors[1:]) / np.log(steps[:-1] / steps[1:]))
