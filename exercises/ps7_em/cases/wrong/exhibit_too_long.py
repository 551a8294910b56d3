# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "is too large: it has 3 points, and at most 2 may be used"
# ///
# %% exhibits
even = [(0.5, 0, 1), (0.5, 0, 1)]
exhibits = {"underflow": {"points": [-100, 0, 100], "start": even, "after": [(0.5, 0, 20000 / 3)] * 2}}
