# /// case
# set = "ps3"
# fails = ["dual-tide"]
# says = "`return` stands within the loop, and ends it in its first round"
# names = ["returned-in-the-loop"]
# ///
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            de = e * (-dr * x - r * dx)
            x, dx = x * e, dx * e + x * de
        else:
            x, dx = x + r * r, dx + 2 * r * dr
        return x, dx
    return x, dx
