# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the operation calls itself without end"
# names = ["calls-itself"]
# ///
# a.exp() is exp(a).
# %% functions.exp
def exp(a):
    value = a.exp()
    return Node(value, (a,), (lambda g: g * value,))
