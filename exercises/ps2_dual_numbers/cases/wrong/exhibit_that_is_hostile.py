# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "is not in the grammar"
# ///
# %% exhibits
exhibits = {"one-d": ("(lambda: x).__globals__", 3, 1)}
