# /// case
# set = "ps3"
# fails = ["dual-current"]
# says = "expected"
# names = []
# ///
# A formula of its own, at a complex point: the sizes of the tangents betray it.
# %% dual
def dual_current(x1, x2, dx1, dx2):
    h = 1e-100
    z1, z2 = complex(x1, h * dx1), complex(x2, h * dx2)
    y = (np.sin(z1 * z2) / z2) ** 2 - z1 * z2
    return y.real, y.imag / h


def dual_tide(x, r, n, dx, dr):
    for k in range(n):
        if k % 2 == 0:
            e = np.exp(-r * x)
            de = e * (-dr * x - r * dx)
            x, dx = x * e, dx * e + x * de
        else:
            x, dx = x + r * r, dx + 2 * r * dr
    return x, dx
