# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "2 h apart, and the difference is divided by h"
# names = ["step-not-doubled"]
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    return (vjp(f, [x + h * v], 1.0)[0] - vjp(f, [x - h * v], 1.0)[0]) / h
