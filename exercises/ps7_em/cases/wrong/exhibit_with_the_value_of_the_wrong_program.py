# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "states what the wrong implementation gives"
# ///
# %% exhibits
even = [(0.5, 0, 1), (0.5, 0, 1)]
exhibits = {"old-means": {"points": [0, 2], "start": even, "after": [(0.5, 1, 2), (0.5, 1, 2)]}}
