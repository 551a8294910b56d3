# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "math.log refuses a negative error"
# names = ["math-log-of-negative"]
# ///
# %% order
import math


def observed_orders(scheme, f, x, true_slope, steps):
    logs = [math.log(scheme(f, x, h) - true_slope) for h in steps]
    return np.diff(logs) / np.diff(np.log(steps))
