# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "is not there yet"
# ///
# %% exhibits
exhibits = {}
