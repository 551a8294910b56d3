# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "there is no function `abs`"
# ///
# %% exhibits
exhibits = {"reflected": ("abs(5 - x)", 2, -1)}
