# /// case
# set = "ps4"
# fails = ["power"]
# says = "a pull computes with the node itself"
# names = ["pull-makes-a-node"]
# ///
# The pull takes a power of the node.
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a ** (exponent - 1),))
