# /// case
# set = "ps4"
# fails = ["power"]
# says = "p * a**p in place of"
# names = ["power-not-lowered"]
# ///
# The exponent stays as it was.
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value**exponent,))
