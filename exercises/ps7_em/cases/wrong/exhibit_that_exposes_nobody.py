# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "does not expose it"
# ///
# %% exhibits
even = [(0.5, 0, 1), (0.5, 0, 1)]
exhibits = {"floor": {"points": [-1, 1], "start": even, "after": even}}
