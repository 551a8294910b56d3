# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "h apart, and the difference is divided by 2 h"
# names = ["step-doubled"]
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    ahead, behind = vjp(f, [x + h / 2 * v], 1.0)[0], vjp(f, [x - h / 2 * v], 1.0)[0]
    return (ahead - behind) / (2 * h)
