# /// case
# set = "ps3"
# fails = ["dual-current"]
# says = "expected"
# names = []
# ///
# A formula of its own, at a complex point: the sizes of the tangents betray it.
# %% dual.dual_current
def dual_current(x1, x2, dx1, dx2):
    h = 1e-100
    z1, z2 = complex(x1, h * dx1), complex(x2, h * dx2)
    y = (np.sin(z1 * z2) / z2) ** 2 - z1 * z2
    return y.real, y.imag / h
