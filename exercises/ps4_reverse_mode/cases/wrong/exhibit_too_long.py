# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "is too large: it has 2 operations, and 1 suffice"
# ///
# %% exhibits
exhibits = {"same-operand": ("x = 3; y = 2 * x; z = y * y", 24)}
