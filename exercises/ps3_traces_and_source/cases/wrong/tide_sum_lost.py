# /// case
# set = "ps3"
# fails = ["dual-tide"]
# says = "the tangent of x is lost in the sum"
# names = ["sum-loses-x"]
# ///
# %% dual.dual_current
def dual_current(x1, x2, dx1, dx2):
    w3 = x1 * x2
    dw3 = dx1 * x2 + x1 * dx2
    w4 = np.sin(w3)
    dw4 = np.cos(w3) * dw3
    w5 = w4 / x2
    dw5 = (dw4 - w5 * dx2) / x2
    w6 = w5 * w5
    dw6 = dw5 * w5 + w5 * dw5
    w7 = w6 - w3
    dw7 = dw6 - dw3
    return w7, dw7
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            x, dx = x * e, dx * e + x * e * (-dr * x - r * dx)
        else:
            x, dx = x + r * r, 2 * r * dr
    return x, dx
