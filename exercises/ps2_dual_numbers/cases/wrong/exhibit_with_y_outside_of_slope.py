# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "stands outside of `slope(..., y, ...)`"
# ///
# %% exhibits
exhibits = {"one-d": ("x * y", 3, 1)}
