# /// case
# set = "ps3"
# fails = ["dual-current"]
# says = "the sine of the tangent"
# names = ["sin-of-tangent"]
# ///
# %% dual.dual_current
def dual_current(x1, x2, dx1, dx2):
    w3 = x1 * x2
    dw3 = dx1 * x2 + x1 * dx2
    w4 = np.sin(w3)
    dw4 = np.sin(dw3)
    w5 = w4 / x2
    dw5 = (dw4 - w5 * dx2) / x2
    w6 = w5 * w5
    dw6 = dw5 * w5 + w5 * dw5
    w7 = w6 - w3
    dw7 = dw6 - dw3
    return w7, dw7
