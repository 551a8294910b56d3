# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "are positive and sum to 1"
# ///
# %% exhibits
start = [(0.5, 0, 1), (0.6, 0, 1)]
exhibits = {"floor": {"points": [-0.01, 0.01], "start": start, "after": start}}
