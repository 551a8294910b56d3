# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "does not expose it"
# ///
# %% exhibits
exhibits = {"recursion": ("x = 3; y = 2 * x; z = 5 * y", 10)}
