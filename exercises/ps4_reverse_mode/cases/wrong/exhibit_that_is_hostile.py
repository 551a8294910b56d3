# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "is not in the grammar"
# ///
# %% exhibits
exhibits = {"sign": ("x = 3; y = __import__('os').getpid() - x", -1)}
