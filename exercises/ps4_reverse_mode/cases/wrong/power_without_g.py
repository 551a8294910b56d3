# /// case
# set = "ps4"
# fails = ["power"]
# says = "the pull of a power lacks the factor g"
# names = ["power-no-g"]
# ///
# The partial derivative alone.
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: exponent * a.value ** (exponent - 1),))
