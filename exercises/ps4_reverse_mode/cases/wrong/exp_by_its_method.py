# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "the operation calls itself without end, by its name or by an operator or a method of a node, which call your function again"
# names = ["calls-itself"]
# ///
# %% functions.exp
def exp(a):
    value = a.exp()
    return Node(value, (a,), (lambda g: g * value,))
