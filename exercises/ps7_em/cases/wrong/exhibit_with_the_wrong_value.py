# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "does not state the right value"
# ///
# %% exhibits
even = [(0.5, 0, 1), (0.5, 0, 1)]
exhibits = {"old-means": {"points": [0, 2], "start": even, "after": [(0.5, 1, 3), (0.5, 1, 3)]}}
