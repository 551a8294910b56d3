# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "exposes it, and `old-means` as well"
# ///
# %% exhibits
start = [(0.3, 0, 1), (0.7, 0, 1)]
exhibits = {"no-weights": {"points": [0, 2], "start": start, "after": [(0.3, 1, 1), (0.7, 1, 1)]}}
