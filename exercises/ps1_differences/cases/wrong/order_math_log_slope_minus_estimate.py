# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "math.log refuses true slope minus estimate"
# names = ["math-log-of-negative-turned"]
# ///
# %% order
import math


def observed_orders(scheme, f, x, true_slope, steps):
    logs = [math.log(true_slope - scheme(f, x, h)) for h in steps]
    return np.diff(logs) / np.diff(np.log(steps))
