# /// case
# set = "ps5"
# fails = ["gauss-newton-step"]
# says = "np.linalg.solve wants as many equations"
# names = ["solve-not-square"]
# ///
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    r, J = residuals(b), jacobian(b)
    return b - np.linalg.solve(J, r)
