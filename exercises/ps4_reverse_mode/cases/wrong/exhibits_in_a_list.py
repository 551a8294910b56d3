# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "expected a pair of a program and its derivative"
# ///
# %% exhibits
exhibits = [("x = 3; y = x * x", 6)]
