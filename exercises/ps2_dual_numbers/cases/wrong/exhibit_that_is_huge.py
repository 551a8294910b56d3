# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "numbers are finite, and between"
# ///
# %% exhibits
exhibits = {"not-lowered": ("x ** 9999999999", 3, 6)}
