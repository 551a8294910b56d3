# /// case
# set = "ps4"
# fails = ["power"]
# says = "the factor p is missing"
# names = ["power-no-factor"]
# ///
# The exponent does not come down in front.
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * a.value ** (exponent - 1),))
