# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "`exhibits` is of type list: write a dict"
# ///
# %% exhibits
exhibits = [("x = 3; y = x * x", 6)]
