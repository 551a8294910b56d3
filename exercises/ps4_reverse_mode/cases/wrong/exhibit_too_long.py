# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "is too large: it has 2 operations, and at most 1 may be used"
# ///
# %% exhibits
exhibits = {"same-operand": ("x = 3; y = 2 * x; z = y * y", 24)}
