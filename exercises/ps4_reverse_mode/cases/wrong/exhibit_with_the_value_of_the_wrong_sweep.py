# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "states what the wrong implementation gives"
# ///
# %% exhibits
exhibits = {"same-operand": ("x = 3; y = x * x", 3)}
