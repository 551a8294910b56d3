# /// case
# set = "ps4"
# fails = ["power"]
# says = "the operation calls itself without end"
# names = ["calls-itself"]
# ///
# The power of a node calls power.
# %% operators.power
def power(a, exponent):
    return Node(a**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))
