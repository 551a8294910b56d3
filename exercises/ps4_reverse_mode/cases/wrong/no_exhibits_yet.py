# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "Your exhibit for `same-operand` is not there yet"
# ///
# %% exhibits
exhibits = {}
