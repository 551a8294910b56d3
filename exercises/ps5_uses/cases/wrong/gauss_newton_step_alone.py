# /// case
# set = "ps5"
# fails = ["gauss-newton-step"]
# says = "the step p alone: the new parameters are b + p"
# names = ["fit-step-alone"]
# ///
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    r, J = residuals(b), jacobian(b)
    return -np.linalg.lstsq(J, r)[0]
