# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "exposes it, and `recursion` as well"
# ///
# %% exhibits
exhibits = {"breadth-first": ("x = 3; y = 2 * x; z = 5 * y; w = y + z", 12)}
