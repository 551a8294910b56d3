# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "`points` is no list of 1 to 20 items"
# ///
# %% exhibits
even = [(0.5, 0, 1), (0.5, 0, 1)]
exhibits = {"floor": {"points": "__import__('os')", "start": even, "after": even}}
