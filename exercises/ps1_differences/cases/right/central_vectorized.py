# /// case
# set = "ps1"
# fails = []
# ///
# %% central
def central_slope(f, x, h):
    g = np.vectorize(lambda a: (f(a + h) - f(a - h)) / h / 2, otypes=[float])
    return g(x)[()]
