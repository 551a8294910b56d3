# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "exposes it, and `reflected` as well"
# ///
# %% exhibits
exhibits = {"in-place": ("(x + 1) ** 2", 2, 6), "no-inner": ("exp(5 - x)", 5, -1)}
