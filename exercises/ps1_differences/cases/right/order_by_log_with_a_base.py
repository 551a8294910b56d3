# /// case
# set = "ps1"
# fails = []
# ///
# %% order
import math
def observed_orders(scheme, f, x, true_slope, steps):
    e = [abs(scheme(f, x, float(h)) - true_slope) for h in steps]
    return np.array([math.log(a / b, s / t) for a, b, s, t in zip(e, e[1:], steps, steps[1:])])
