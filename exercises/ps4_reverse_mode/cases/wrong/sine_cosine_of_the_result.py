# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the cosine is taken of the result"
# names = ["cos-of-result"]
# ///
# The derivative is taken at the result.
# %% functions.sin
def sin(a):
    value = np.sin(a.value)
    return Node(value, (a,), (lambda g: g * np.cos(value),))
