# /// case
# set = "ps5"
# fails = ["gauss-newton-step"]
# says = "a gradient step, -J' r: the matrix J' J is missing"
# names = ["gradient-step"]
# ///
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    r, J = residuals(b), jacobian(b)
    return b - J.T @ r
