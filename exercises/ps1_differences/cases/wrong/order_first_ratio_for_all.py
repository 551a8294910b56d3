# /// case
# set = "ps1"
# fails = ["order-any-steps"]
# says = "the ratio of the first two steps for every pair"
# names = ["first-ratio-for-all"]
# ///
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return np.log(errors[:-1] / errors[1:]) / np.log(steps[0] / steps[1])
