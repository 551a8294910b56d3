# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "NumPy was given the node a"
# names = ["numpy-on-a-node"]
# ///
# The value is right; the pull forgets to take it.
# %% functions.sin
def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a),))
