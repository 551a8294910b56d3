# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "two slips: log(2) for every ratio"
# names = ["minus-the-order", "log-of-2-upside-down"]
# ///
# With halved steps it is only the sign that is wrong; with other steps both slips show.
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(errors[1:] / errors[:-1]) / np.log(2)
