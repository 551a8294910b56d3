# /// case
# set = "ps1"
# fails = ["order-any-steps"]
# says = "only steps that halve have the ratio 2"
# names = ["log-of-2"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log2(errors[:-1] / errors[1:])
