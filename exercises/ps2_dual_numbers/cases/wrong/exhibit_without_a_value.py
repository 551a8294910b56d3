# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "the expression has no value"
# ///
# %% exhibits
exhibits = {"reflected": ("log(x)", -1, -1)}
