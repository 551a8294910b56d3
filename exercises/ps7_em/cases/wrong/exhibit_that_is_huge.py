# /// case
# set = "ps7"
# fails = ["break-it"]
# says = "numbers are finite, and between"
# ///
# %% exhibits
even = [(0.5, 0, 1), (0.5, 0, 1)]
exhibits = {"underflow": {"points": [-1e200, 1e200], "start": even, "after": [(0.5, 0, 1)] * 2}}
