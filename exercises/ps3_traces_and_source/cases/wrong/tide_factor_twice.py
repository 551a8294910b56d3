# /// case
# set = "ps3"
# fails = ["dual-tide"]
# says = "it is written twice"
# ///
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            dx = dx * e - x * (r * dx + dr * x) * e * e
            x = x * e
        else:
            dx = dx + 2 * r * dr
            x = x + r * r
    return x, dx
