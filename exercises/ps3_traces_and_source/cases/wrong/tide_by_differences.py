# /// case
# set = "ps3"
# fails = ["dual-tide"]
# says = "the original is run beside the point, for a divided difference or a complex step"
# names = ["by-a-step"]
# ///
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    h = 1e-3
    t = lambda s: tide(x + s * h * dx, r + s * h * dr, n)
    return tide(x, r, n), (t(-2) - 8 * t(-1) + 8 * t(1) - t(2)) / (12 * h)
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            de = e * (-dr * x - r * dx)
            x, dx = x * e, dx * e + x * de
        else:
            x, dx = x + r * r, dx + 2 * r * dr
    return x, dx
