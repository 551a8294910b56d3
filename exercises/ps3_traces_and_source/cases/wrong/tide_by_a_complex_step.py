# /// case
# set = "ps3"
# fails = ["dual-tide"]
# says = "the original is run beside the point, for a divided difference or a complex step"
# names = ["by-a-step"]
# ///
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    h = 1e-30
    y = tide(x + 1j * h * dx, r + 1j * h * dr, n)
    return y.real, y.imag / h
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            de = e * (-dr * x - r * dx)
            x, dx = x * e, dx * e + x * de
        else:
            x, dx = x + r * r, dx + 2 * r * dr
    return x, dx
