# /// case
# set = "ps3"
# fails = []
# ///
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            old = x
            x = x * e
            dx = dx * e + old * e * (-dr * old - r * dx)
        else:
            x, dx = x + r * r, dx + 2 * r * dr
    return x, dx
