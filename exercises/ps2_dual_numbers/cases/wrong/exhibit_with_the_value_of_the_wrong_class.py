# /// case
# set = "ps2"
# fails = ["break-it"]
# says = "states what the wrong implementation gives"
# ///
# %% exhibits
exhibits = {"not-lowered": ("x ** 2", 3, 18)}
