# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "wrong sign: the derivative of the sine is +cos"
# names = ["sin-sign"]
# ///
# The sign of the derivative of the cosine.
# %% functions.sin
def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: -g * np.cos(a.value),))
