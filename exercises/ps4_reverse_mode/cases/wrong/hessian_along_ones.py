# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "the step goes along (1, ..., 1)"
# names = ["all-ones"]
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    return (vjp(f, [x + h], 1.0)[0] - vjp(f, [x - h], 1.0)[0]) / (2 * h)
