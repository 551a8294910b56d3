# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "does not expose it"
# ///
# %% exhibits
exhibits = {"not-lowered": ("x ** 2", 1, 2)}
