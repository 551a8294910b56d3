# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "is too large: it has 3 operations, and at most 2 may be used"
# ///
# %% exhibits
exhibits = {"one-d": ("x * slope(x + y, y, 1)", 3, 1)}
