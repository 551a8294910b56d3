# /// case
# set = "ps4"
# fails = ["matrix-product", "many-matrices"]
# says = "an operand may be a plain number or array"
# names = ["no-as-node"]
# ///
# An array on one side has no value to ask for.
# %% arrays.matmul
def matmul(a, b):
    pulls = (lambda g: g @ np.swapaxes(b.value, -1, -2), lambda g: np.swapaxes(a.value, -1, -2) @ g)
    return Node(a.value @ b.value, (a, b), pulls)
