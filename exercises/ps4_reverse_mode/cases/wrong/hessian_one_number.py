# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "v H v, one number"
# names = ["number-for-vector"]
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    (g1,) = vjp(f, [x + h * v], 1.0)
    (g0,) = vjp(f, [x - h * v], 1.0)
    return v @ (g1 - g0) / (2 * h)
