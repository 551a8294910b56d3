# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "expected a dict with the keys"
# ///
# %% exhibits
even = [(0.5, 0, 1), (0.5, 0, 1)]
exhibits = {"floor": (even, even)}
