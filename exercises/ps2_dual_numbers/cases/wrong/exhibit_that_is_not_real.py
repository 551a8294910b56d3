# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "it has no right value (-8 ** 0.5 is no real number)"
# ///
# %% exhibits
exhibits = {"in-place": ("(-8) ** 0.5 * x", 3, 6)}
