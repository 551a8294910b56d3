# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "a pull computes with the node itself"
# names = ["pull-makes-a-node"]
# ///
# The pull divides by the node.
# %% functions.log
def log(a):
    return Node(np.log(a.value), (a,), (lambda g: g / a,))
