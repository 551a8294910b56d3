# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "hardly exposes it"
# ///
# %% exhibits
exhibits = {"recursion": ("x = 1; y = 2 * x; z = 0.001 * y; w = z + y", 2.002)}
