# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "`return` is missing"
# names = ["no-return"]
# ///
# The node is made and forgotten.
# %% functions.log
def log(a):
    Node(np.log(a.value), (a,), (lambda g: g / a.value,))
