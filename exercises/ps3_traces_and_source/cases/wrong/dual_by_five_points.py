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
    s = max(abs(dx1), abs(dx2))
    a, b = dx1 / s, dx2 / s
    h = 1e-3
    f = lambda t: c(x1 + t * a, x2 + t * b)
    return c(x1, x2), (8 * (f(h) - f(-h)) - f(2 * h) + f(-2 * h)) / (12 * h) * s
def dual_tide(x, r, n, dx, dr):
    def t(x, r):
        for k in range(n):
            x = x * np.exp(-r * x) if k % 2 == 0 else x + r * r
        return x
    s = max(abs(dx), abs(dr))
    a, b = dx / s, dr / s
    h = 1e-3
    f = lambda u: t(x + u * a, r + u * b)
    return t(x, r), (8 * (f(h) - f(-h)) - f(2 * h) + f(-2 * h)) / (12 * h) * s
