# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "is no line of one operation"
# ///
# %% exhibits
exhibits = {"late": ("x = 3; y = x * x + x", 7)}
