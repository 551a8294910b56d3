# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "`sign`, `('x = 3; y = 5 - x', 5)`, does not state the right value"
# ///
# %% exhibits
exhibits = {"sign": ("x = 3; y = 5 - x", 5)}
