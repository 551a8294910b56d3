# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "does not state the right value"
# ///
# %% exhibits
exhibits = {"reflected": ("5 - x", 2, 3)}
