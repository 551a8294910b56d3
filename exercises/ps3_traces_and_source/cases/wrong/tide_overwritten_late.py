# /// case
# set = "ps3"
# fails = ["dual-tide"]
# says = "overwritten before the line of its tangent, which then reads the new x"
# names = ["x-overwritten-late"]
# ///
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            de = e * (-dr * x - r * dx)
            x = x * e
            dx = dx * e + x * de
        else:
            x, dx = x + r * r, dx + 2 * r * dr
    return x, dx
