# /// case
# set = "ps4"
# fails = ["break-it"]
# says = "where a right answer has about"
# ///
# %% exhibits
exhibits = {"recursion": ("x = 3; y = " + " + ".join(["x"] * 200_000), 200_000)}
