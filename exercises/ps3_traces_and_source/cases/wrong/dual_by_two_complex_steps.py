# /// case
# set = "ps3"
# fails = ["dual-current", "dual-tide"]
# says = ""
# names = []
# ///
# %% dual
def dual_current(x1, x2, dx1, dx2):
    def c(x1, x2):
        w3 = x1 * x2
        w5 = np.sin(w3) / x2
        return w5 * w5 - w3
    h = 1e-30
    return c(x1, x2), c(x1 + 1j * h, x2).imag / h * dx1 + c(x1, x2 + 1j * h).imag / h * dx2
def dual_tide(x, r, n, dx, dr):
    def t(x, r):
        for k in range(n):
            x = x * np.exp(-r * x) if k % 2 == 0 else x + r * r
        return x
    h = 1e-30
    return t(x, r), t(x + 1j * h, r).imag / h * dx + t(x, r + 1j * h).imag / h * dr
