# /// case
# set = "ps3"
# fails = ["dual-tide"]
# says = "the tangent of r * r is 2 r dr, not r r dr"
# names = ["r-r-dr"]
# ///
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            de = e * (-dr * x - r * dx)
            x, dx = x * e, dx * e + x * de
        else:
            x, dx = x + r * r, dx + r * r * dr
    return x, dx
