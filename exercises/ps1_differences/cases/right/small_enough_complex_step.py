# /// case
# set = "ps1"
# fails = []
# ///
# A default step of 1e-8, whose error h^2 f'''/6 is below eps, and a difference of conjugates, in which the
# real parts cancel exactly.
# %% complex
def complex_slope(f, x, h=None):
    h = 1e-8 if h is None else h
    return ((f(x + 1j * h) - f(x - 1j * h)) / (2j * h)).real
