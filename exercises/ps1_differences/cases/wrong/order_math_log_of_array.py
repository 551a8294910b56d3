# /// case
# set = "ps1"
# fails = ["order-halving", "order-any-steps"]
# says = "takes one number and refuses an array: use np.log"
# names = ["math-on-arrays"]
# ///
# %% order
import math


def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.array([abs(scheme(f, x, h) - true_slope) for h in steps])
    return math.log(errors[:-1] / errors[1:]) / math.log(steps[:-1] / steps[1:])
