# /// case
# set = "ps2"
# fails = []
# ///
# %% exhibits
exhibits = {
    "reflected": ["2 - x", 1.5, -1.0],
    "not-lowered": ("x ** -1", 2, -0.25),
    "in-place": ("(x + x) * x", 2, 8),
    "no-inner": ("exp(-x)", 0, -1),
    "one-d": ("slope(y * x, y, -1)", 0.5, 1),
}
